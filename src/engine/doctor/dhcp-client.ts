import { shellWord } from '../../core/shell-word.ts';
import type { PrefixSource } from '../config.ts';
import { mendOtherClient } from '../other-client.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { DhcpClient, HostFacts } from './host-facts.ts';

export const dhcpClient: Check = {
  id: 'dhcp-client',
  group: 'prefix',
  needsConfig: true,
  judge(facts, config) {
    return config.uplinks.flatMap(({ interface: name, source }): Finding[] => {
      const program = source.from === 'dhcpv6' ? undefined : programOf(source);
      if (source.from !== 'dhcpv6' && !program) return [];
      const id = `dhcp-client:${name}`;
      const { dhcpClients } = facts;
      if (!dhcpClients.known) return [unknown(id, 'who listens on UDP port 546', dhcpClients.why)];
      const here = clientsOn(name, dhcpClients.value);
      return [program ? judge(id, name, here, program) : judgeOwn(id, name, here, facts)];
    });
  },
};

/** Somebody else's client where sixgate's own is to ask; undefined where there is none, or nobody knows. */
export function findOtherClient(facts: Pick<HostFacts, 'dhcpClients' | 'daemon'>, name: string): Finding | undefined {
  const { dhcpClients, daemon } = facts;
  if (!daemon.known) return undefined;
  const own = ownProcess(facts);
  const others = processesOf(dhcpClients.known ? clientsOn(name, dhcpClients.value) : []).filter(
    ({ pid }) => pid !== own,
  );
  if (others.length === 0) return undefined;
  const found = `${listProcesses(others)} is a DHCPv6 client on ${name}, so sixgate's own gets no answers`;
  return problem(`dhcp-client:${name}`, found, mendOtherClient(others[0]!.name, name));
}

/** A program that holds the port for a source. */
interface Program {
  /** As the kernel has it, up to 15 characters. */
  readonly process: string;
  start(name: string): string;
  /** The argument that makes it ask for a prefix. */
  readonly asks?: RegExp;
}

// NetworkManager listens where it has something to ask for; its own check says whether it asks for a prefix.
const programs: Readonly<Record<string, Program>> = {
  dhcpcd: { process: 'dhcpcd', start: () => 'systemctl restart dhcpcd' },
  networkd: { process: 'systemd-network', start: () => 'systemctl restart systemd-networkd' },
  networkmanager: { process: 'NetworkManager', start: () => 'systemctl restart NetworkManager' },
  dhclient: { process: 'dhclient', asks: /^-P$/, start: (name) => `dhclient -6 -P ${shellWord(name)}` },
  odhcp6c: {
    process: 'odhcp6c',
    asks: /^-P/,
    start: (name) => `odhcp6c -d -P 0 -s /etc/sixgate/odhcp6c-hook ${shellWord(name)}`,
  },
};

function programOf(source: PrefixSource): Program | undefined {
  return programs[source.from === 'hook' ? source.client : source.from];
}

function clientsOn(name: string, clients: readonly DhcpClient[]): readonly DhcpClient[] {
  return clients.filter((client) => client.interface === undefined || client.interface === name);
}

type Process = NonNullable<DhcpClient['process']>;

function processesOf(clients: readonly DhcpClient[]): Process[] {
  return clients.flatMap(({ process }) => process ?? []);
}

function listProcesses(processes: readonly Process[]): string {
  return [...new Set(processes.map(({ name, pid }) => `${name} (process ${pid})`))].join(', ');
}

/** The process of the daemon, which is the client; undefined where it does not run. */
function ownProcess({ daemon }: Pick<HostFacts, 'daemon'>): number | undefined {
  return daemon.known && daemon.value?.alive ? daemon.value.report.daemon.pid : undefined;
}

function judgeOwn(id: string, name: string, clients: readonly DhcpClient[], facts: HostFacts): Finding {
  if (clients.some(({ process }) => !process)) {
    return unknown(id, 'which program listens on UDP port 546', 'not permitted');
  }
  const other = findOtherClient(facts, name);
  if (other) return other;
  if (!facts.daemon.known) return unknown(id, 'which process is the daemon', facts.daemon.why);
  const own = ownProcess(facts);
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

function judge(id: string, name: string, clients: readonly DhcpClient[], program: Program): Finding {
  if (clients.length === 0) {
    return problem(id, `no DHCPv6 client listens on ${name} (UDP port 546)`, program.start(name));
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
  const others = processesOf(clients).filter((process) => process.name !== program.process);
  if (others.length === clients.length) {
    const found = `${listProcesses(others)} is the DHCPv6 client on ${name}, and not ${program.process}`;
    return problem(id, found, `Stop it, or tell it to leave DHCPv6 on ${name} alone; then: ${program.start(name)}`);
  }
  if (others.length > 0) {
    const found = `${listProcesses(others)} is a DHCPv6 client on ${name} too: each takes answers from the other`;
    return problem(id, found, `Stop it, or tell it to leave DHCPv6 on ${name} alone.`);
  }
  const asker = clients.find(({ arguments: given }) => given && program.asks && !given.some((word) => program.asks!.test(word))); // prettier-ignore
  if (asker) {
    const found = `${program.process} (process ${asker.process!.pid}) asks for no prefix on ${name}: it was started without -P`;
    return problem(id, found, `Stop it; then: ${program.start(name)}`);
  }
  const processes = [...new Set(processesOf(clients).map(({ pid }) => pid))];
  if (processes.length > 1 && program.process === 'dhcpcd') {
    const found = `${processes.length} dhcpcd listen on ${name} (processes ${processes.join(', ')})`;
    return warning(id, found, 'Run one dhcpcd only; it serves all interfaces.');
  }
  return ok(id, `${program.process} listens on ${name} (process ${processes.join(', ')})`);
}
