import { parseDhcpcdConfig } from '../../backend/dhcpcd/parse-dhcpcd-config.ts';
import { listNetworkd, parseNetworkd } from '../../backend/networkd/parse-networkd.ts';
import type { ClientProgram, FoundClient } from '../../engine/setup/setup-facts.ts';
import type { Host } from '../../host/host.ts';
import { readDhcpClients } from '../doctor/read-dhcp-clients.ts';
import { readFact } from '../doctor/read-fact.ts';
import { lockedPids } from '../locked-pids.ts';

const programs: Readonly<Record<string, ClientProgram>> = {
  dhcpcd: 'dhcpcd',
  // The kernel keeps 15 characters of a name.
  'systemd-network': 'networkd',
  NetworkManager: 'networkmanager',
  dhclient: 'dhclient',
  odhcp6c: 'odhcp6c',
};

/**
 * The DHCPv6 clients in this network namespace: those that listen, then those that serve an interface and do not ask for DHCPv6
 * now. What cannot be read is left out: nobody is found there.
 */
export async function readClients(host: Host): Promise<readonly FoundClient[]> {
  const [listening, dhcpcd, networkd, networkManager] = await Promise.all([
    readListening(host),
    lockedPids(host, ['/run/dhcpcd/pid', '/run/dhcpcd.pid']),
    readNetworkd(host),
    readNetworkManager(host),
  ]);
  const asks = await readAsked(host);
  const found: FoundClient[] = [
    ...listening,
    ...(dhcpcd.length > 0 ? [{ program: 'dhcpcd', name: 'dhcpcd', listens: false } as const] : []),
    ...networkd,
    ...networkManager,
  ];
  return found.map((each) => (each.program === 'dhcpcd' && asks !== undefined ? { ...each, asks } : each));
}

async function readListening(host: Host): Promise<readonly FoundClient[]> {
  const read = await readDhcpClients(host);
  if (!read.known) return [];
  return read.value.flatMap(({ process, orphaned, ...where }) => {
    if (!process || orphaned) return [];
    return [{ ...where, program: programs[process.name] ?? 'other', name: process.name, listens: true }];
  });
}

async function readNetworkd({ processes }: Host): Promise<readonly FoundClient[]> {
  const read = await readFact(processes, listNetworkd, (text) => parseNetworkd(text, 0));
  if (!read.known) return [];
  return [...read.value.links]
    .filter(([, { state }]) => state !== 'unmanaged' && state !== 'failed')
    .map(([name]) => ({ program: 'networkd', name: 'systemd-networkd', interface: name, listens: false }));
}

/** Lines as `eth0:connected`; a colon within a name has a backslash before it. */
async function readNetworkManager({ processes }: Host): Promise<readonly FoundClient[]> {
  const output = await processes.run({ argv: ['nmcli', '--terse', '--fields', 'DEVICE,STATE', 'device'] });
  if (!output.ok || output.value.code !== 0) return [];
  return output.value.stdout.split('\n').flatMap((line): FoundClient[] => {
    const [, name, state] = /^((?:[^:\\]|\\.)+):(.+)$/.exec(line) ?? [];
    if (name === undefined || state === undefined || /^(unmanaged|unavailable|disconnected)/.test(state)) return [];
    return [
      { program: 'networkmanager', name: 'NetworkManager', interface: name.replaceAll('\\', ''), listens: false },
    ];
  });
}

/** The length of the one prefix that dhcpcd's configuration asks for. */
async function readAsked({ files }: Host): Promise<number | undefined> {
  const text = await files.read('/etc/dhcpcd.conf');
  const options = parseDhcpcdConfig((text.ok && text.value) || '');
  const [hint, second] = options.flatMap(({ name, value }) =>
    name === 'ia_pd' ? [/^\S*?\/[^\s/]*\/(\d+)/.exec(value)?.[1]] : [],
  );
  return hint === undefined || second !== undefined ? undefined : Number(hint);
}
