import type { GeneratedFile } from '../generated-file.ts';
import { compileClientHook } from './dhcpcd-hook.ts';
import { routerSysctl } from './router-sysctl.ts';
import type { UplinkIntent } from './uplink-intent.ts';

/** ISC dhclient (tried with 4.4.3): its script sources what is in a directory, and keeps the environment it was given. */
export function dhclientUplink(intent: Pick<UplinkIntent, 'interface' | 'eventsDirectory'>): readonly GeneratedFile[] {
  const text = compileClientHook(intent.eventsDirectory, {
    client: 'dhclient',
    use: `Sourced by dhclient-script. In the configuration: from: hook, client: dhclient. Then: dhclient -6 -P ${intent.interface}`,
    write: "printf 'sixgate_client=dhclient\\0'",
  });
  return [{ path: '/etc/dhcp/dhclient-exit-hooks.d/sixgate', mode: 0o644, text }, routerSysctl(intent)];
}

/** odhcp6c, by its README: state and interface are arguments of its script. */
export function odhcp6cUplink(
  intent: Pick<UplinkIntent, 'interface' | 'length' | 'eventsDirectory'>,
): readonly GeneratedFile[] {
  const path = '/etc/sixgate/odhcp6c-hook';
  const text = compileClientHook(intent.eventsDirectory, {
    client: 'odhcp6c',
    use: `In the configuration: from: hook, client: odhcp6c. Then: odhcp6c -P ${intent.length} -s ${path} ${intent.interface}`,
    write: `printf 'sixgate_client=odhcp6c\\0sixgate_interface=%s\\0sixgate_state=%s\\0' "$interface" "$state"`,
  }).replace('(\n', '(\n\tinterface=$1\n\tstate=$2\n');
  return [{ path, mode: 0o755, text }, routerSysctl(intent)];
}
