import { ipv4FromNumber, type Ipv4Address } from './ipv4.ts';
import type { Ipv4Prefix } from './ipv4-prefix.ts';
import { ipv6FromBigInt, type Ipv6Address } from './ipv6.ts';
import type { Prefix } from './prefix.ts';

/** The /48 that belongs to whoever holds the IPv4 address (RFC 3056 section 2). */
export function sixToFourPrefix(ipv4: Ipv4Address): Prefix {
  return sixToFourPrefixOf({ address: ipv4, length: 32 });
}

/** The prefix of all 6to4 sites whose IPv4 address is in this block. */
export function sixToFourPrefixOf(block: Ipv4Prefix): Prefix {
  return { address: ipv6FromBigInt((0x2002n << 112n) | (BigInt(block.address) << 80n)), length: 16 + block.length };
}

/** The IPv4 address of the site that a 6to4 address belongs to; undefined for all other addresses. */
export function ipv4OfSixToFour(address: Ipv6Address): Ipv4Address | undefined {
  return address >> 112n === 0x2002n ? ipv4FromNumber(Number((address >> 80n) & 0xffff_ffffn)) : undefined;
}
