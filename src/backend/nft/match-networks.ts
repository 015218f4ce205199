import { formatPrefix, type Prefix } from '../../core/prefix.ts';
import type { TableSet } from './table.ts';

/**
 * Matches that together are "this address is in one of these prefixes", for one rule each. They stand in the way of each packet, so
 * the first 32 bits are compared before anything else: that takes the kernel 10 ns, where all of a prefix takes 70 and a set
 * of intervals 200 (Linux 6.18 with retpolines). `between` is compared after the 32 bits.
 */
export function matchNetworks(field: 'saddr' | 'daddr', networks: readonly Prefix[], between = ''): string[] {
  const middle = between === '' ? '' : `${between} `;
  if (networks.length > most) return [`${middle}ip6 ${field} @networks`];
  return networks.map((network) => `${matchBeginning(field, network)} ${middle}ip6 ${field} ${formatPrefix(network)}`);
}

/** With more, comparing them one by one would be slower than a set. */
const most = 8;

/** The set that the matches name; none where they name none. */
export function networksSet(networks: readonly Prefix[]): TableSet[] {
  if (networks.length <= most) return [];
  return [
    {
      name: 'networks',
      type: 'ipv6_addr',
      interval: true,
      purpose: { decides: 'guard', about: 'the list of inside prefixes' },
      elements: networks.map(formatPrefix),
    },
  ];
}

/** IPv4 packets may match as well: what follows in the rule has to ask for IPv6. */
export function matchBeginning(field: 'saddr' | 'daddr', { address, length }: Prefix): string {
  const bits = length < 8 ? 8 : 32;
  const at = `@nh,${field === 'saddr' ? 64 : 192},${bits}`;
  const word = hex(address >> BigInt(128 - bits));
  if (length >= bits) return `${at} ${word}`;
  const mask = ((1n << BigInt(length)) - 1n) << BigInt(bits - length);
  return `${at} & ${hex(mask)} == ${word}`;
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
