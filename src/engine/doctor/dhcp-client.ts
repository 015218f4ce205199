import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { DhcpClient } from './host-facts.ts';

export const dhcpClient: Check = {
  id: 'dhcp-client',
  group: 'prefix',
  needsConfig: true,
  judge({ dhcpClients }, config) {
    const uplinks = config.uplinks.filter(({ source }) => source.from === 'dhcpcd');
    return uplinks.map(({ interface: name }) => {
      const id = `dhcp-client:${name}`;
      if (!dhcpClients.known) return unknown(id, 'who listens on UDP port 546', dhcpClients.why);
      return judge(
        id,
        name,
        dhcpClients.value.filter((client) => client.interface === undefined || client.interface === name),
      );
    });
  },
};

function judge(id: string, name: string, clients: readonly DhcpClient[]): Finding {
  if (clients.length === 0) {
    return problem(id, `no DHCPv6 client listens on ${name} (UDP port 546)`, 'systemctl restart dhcpcd');
  }
  const orphan = clients.find(({ orphaned }) => orphaned);
  if (orphan?.process) {
    const found = `UDP port 546 is held by a part of a dhcpcd that is gone (process ${orphan.process.pid}): a new one gets no answers`;
    // It takes no other signal (9.4.1).
    return problem(id, found, `kill -KILL ${orphan.process.pid}`);
  }
  if (clients.some(({ process }) => !process)) {
    return unknown(id, 'which program listens on UDP port 546', 'not permitted');
  }
  const others = clients.filter(({ process }) => process?.name !== 'dhcpcd').map(({ process }) => process!);
  if (others.length > 0) {
    const who = others.map((other) => `${other.name} (process ${other.pid})`).join(', ');
    const found = `${who} is a DHCPv6 client on ${name} too: each takes answers from the other`;
    return problem(id, found, `Stop it, or tell it to leave DHCPv6 on ${name} alone.`);
  }
  const processes = new Set(clients.map(({ process }) => process!.pid));
  if (processes.size > 1) {
    const found = `${processes.size} dhcpcd listen on ${name} (processes ${[...processes].join(', ')})`;
    return warning(id, found, 'Run one dhcpcd only; it serves all interfaces.');
  }
  return ok(id, `dhcpcd listens on ${name} (process ${[...processes].join('')})`);
}
