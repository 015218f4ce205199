import { ipv6FromBigInt, formatIpv6, parseIpv6 } from '../core/ipv6.ts';
import { isLoopback } from './listen-address.ts';

/**
 * Who is asking, for limits: an IPv4 address, or the /64 of an IPv6 address, since one host may have all of it.
 * `loopback` may be a reverse proxy, which speaks for many.
 */
export function peerOf(address: string | undefined): string {
  if (address === undefined || isLoopback(address)) return 'loopback';
  const parsed = parseIpv6(address.replace(/%.*$/, ''));
  return parsed.ok ? formatIpv6(ipv6FromBigInt((parsed.value >> 64n) << 64n)) : address;
}
