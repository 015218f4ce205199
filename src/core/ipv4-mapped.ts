import type { Ipv4Address } from './ipv4.ts';
import { ipv6FromBigInt } from './ipv6.ts';
import { prefixOf, type Prefix } from './prefix.ts';

/** An IPv4 block as IPv6 (RFC 4291 section 2.5.5.2), for those who keep both families in one type. */
export function ipv4MappedPrefix(address: Ipv4Address, length = 32): Prefix {
  return prefixOf(ipv6FromBigInt((0xffffn << 32n) | BigInt(address)), 96 + length);
}
