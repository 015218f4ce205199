import { ipv6FromBigInt, type Ipv6Address } from './ipv6.ts';

/** The link-local address that an interface makes of its MAC address (RFC 4862 section 5.3, RFC 2464 section 4). */
export function linkLocalOfMac(mac: bigint): Ipv6Address {
  const id = (((mac >> 24n) << 40n) | (0xfffen << 24n) | (mac & 0xffffffn)) ^ (1n << 57n);
  return ipv6FromBigInt((0xfe80n << 112n) | id);
}

export function isLinkLocal(address: Ipv6Address): boolean {
  return address >> 118n === 0x3fan;
}
