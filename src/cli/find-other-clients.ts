import { readDaemon } from '../daemon/doctor/read-daemon.ts';
import { readDhcpClients } from '../daemon/doctor/read-dhcp-clients.ts';
import type { Paths } from '../daemon/paths.ts';
import type { Config } from '../engine/config.ts';
import { findOtherClient } from '../engine/doctor/dhcp-client.ts';
import type { Finding } from '../engine/doctor/finding.ts';
import type { Host } from '../host/host.ts';

/** Other DHCPv6 clients that have the port of sixgate's own now, where an uplink is to be asked for by that. */
export async function findOtherClients(host: Host, paths: Paths, config: Config): Promise<readonly Finding[]> {
  const uplinks = config.uplinks.filter(({ source }) => source.from === 'dhcpv6');
  if (uplinks.length === 0) return [];
  const [dhcpClients, daemon] = await Promise.all([readDhcpClients(host), readDaemon(host, paths)]);
  return uplinks.flatMap(({ interface: name }) => findOtherClient({ dhcpClients, daemon }, name) ?? []);
}
