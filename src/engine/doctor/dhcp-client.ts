import { shellWord } from './commands.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { DhcpClient } from './host-facts.ts';

export const dhcpClient: Check = {
  id: 'dhcp-client',
  group: 'prefix',
  needsConfig: true,
  judge({ dhcpClients, daemon }, config) {
    const uplinks = config.uplinks.filter(({ source }) => source.from === 'dhcpcd' || source.from === 'dhcpv6');
    return uplinks.map(({ interface: name, source }) => {
      const id = `dhcp-client:${name}`;
      if (!dhcpClients.known) return unknown(id, 'who listens on UDP port 546', dhcpClients.why);
      const here = dhcpClients.value.filter((client) => client.interface === undefined || client.interface === name);
      if (source.from === 'dhcpcd') return judge(id, name, here);
      const own = daemon.known && daemon.value?.alive ? daemon.value.report.daemon.pid : undefined;
      return judgeOwn(id, name, here, own);
    });
  },
};

/** `own` is the process of the daemon, which is the client; undefined where it does not run. */
function judgeOwn(id: string, name: string, clients: readonly DhcpClient[], own: number | undefined): Finding {
  if (clients.some(({ process }) => !process)) {
    return unknown(id, 'which program listens on UDP port 546', 'not permitted');
  }
  const others = clients.filter(({ process }) => process!.pid !== own).map(({ process }) => process!);
  if (others.length > 0) {
    const found = `${listProcesses(others)} is a DHCPv6 client on ${name}, so sixgate's own gets no answers`;
    return problem(id, found, `Stop it, or tell it to leave DHCPv6 on ${name} alone.`);
  }
  if (clients.length > 0) return ok(id, `sixgate's DHCPv6 client listens on ${name} (process ${own})`);
  if (own === undefined)
    return problem(id, `no DHCPv6 client listens on ${name}: the daemon does not run`, 'systemctl restart sixgate');
  const found = `sixgate's DHCPv6 client does not listen on ${name}: it waits for the interface or its link-local address`;
  return problem(
    id,
    found,
    `ip -6 address show dev ${shellWord(name)}  # is it up, and is there an address of fe80::/10?`,
  );
}

function listProcesses(processes: readonly { readonly name: string; readonly pid: number }[]): string {
  return processes.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
}

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
    const found = `${listProcesses(others)} is a DHCPv6 client on ${name} too: each takes answers from the other`;
    return problem(id, found, `Stop it, or tell it to leave DHCPv6 on ${name} alone.`);
  }
  const processes = new Set(clients.map(({ process }) => process!.pid));
  if (processes.size > 1) {
    const found = `${processes.size} dhcpcd listen on ${name} (processes ${[...processes].join(', ')})`;
    return warning(id, found, 'Run one dhcpcd only; it serves all interfaces.');
  }
  return ok(id, `dhcpcd listens on ${name} (process ${[...processes].join('')})`);
}
