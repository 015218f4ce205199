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

/** The beginnings alone: there may be more than the networks that begin so. */
export function matchBeginnings(field: 'saddr' | 'daddr', networks: readonly Prefix[]): string[] {
  if (networks.length > most) return [`ip6 ${field} @networks`];
  return [...new Set(networks.map((network) => matchBeginning(field, network)))];
}

/**
 * All of the prefix in comparisons of 32 bits, for what matches most of the time. IPv4 packets may match as well: for verdicts that
 * are right for them too.
 */
export function matchQuickly(field: 'saddr' | 'daddr', networks: readonly Prefix[]): string[] {
  if (networks.length > most) return [`ip6 ${field} @networks`];
  return networks.map((network) => {
    const beginning = matchBeginning(field, network);
    if (network.length <= 32) return beginning;
    if (network.length > 64) return `${beginning} ip6 ${field} ${formatPrefix(network)}`;
    const word = (network.address >> 64n) & 0xffff_ffffn;
    const mask = ((1n << BigInt(network.length - 32)) - 1n) << BigInt(64 - network.length);
    const at = `@nh,${field === 'saddr' ? 96 : 224},32`;
    return `${beginning} ${network.length === 64 ? `${at} ${hex(word)}` : `${at} & ${hex(mask)} == ${hex(word)}`}`;
  });
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
