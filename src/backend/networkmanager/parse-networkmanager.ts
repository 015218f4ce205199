import { parsePrefix, type Prefix } from '../../core/prefix.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { NetworkManagerDevice } from '../../engine/networkmanager-device.ts';

/** Asks NetworkManager for the state of an interface and for what its DHCPv6 client was told. */
export function askNetworkManager(name: string): [string, ...string[]] {
  return ['nmcli', '-e', 'no', '-g', 'GENERAL.STATE,DHCP6.OPTION', 'device', 'show', name];
}

/** The addresses of all interfaces, as `ip` arguments: those in a delegated prefix have its lifetimes. */
export const listAllAddresses = ['ip', '-6', '-j', 'address', 'show', 'scope', 'global'] as const;

/**
 * Reads the output of `askNetworkManager`:
 *
 *     100 (connected)
 *     dhcp6_client_id = 00:04:22:3e | iaid = 2b:50:67:35 | ip6_prefix = 2001:db8:a:aa80::/58
 */
export function parseNetworkManager(text: string): Read<NetworkManagerDevice> {
  const [first = '', ...rest] = text.split('\n');
  const state = /^(\d{1,3})\b/.exec(first.trim())?.[1];
  if (state === undefined) return { known: false, why: 'the output of nmcli was not understood: no state' };
  const options = new Map(
    rest
      .join(' | ')
      .split('|')
      .flatMap((entry): [string, string][] => {
        const [, key, value] = /^\s*(\w+) = (.*?)\s*$/.exec(entry) ?? [];
        return key === undefined ? [] : [[key, value!]];
      }),
  );
  const named = options.get('ip6_prefix');
  const prefixes: Prefix[] = [];
  for (const word of named?.split(/[\s,]+/).filter(Boolean) ?? []) {
    const prefix = parsePrefix(word);
    if (!prefix.ok) return { known: false, why: `the output of nmcli was not understood: ${prefix.problem.message}` };
    prefixes.push(prefix.value);
  }
  return { known: true, value: { state: Number(state), prefixes: named === undefined ? undefined : prefixes } };
}
