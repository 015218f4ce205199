import { ipv4MappedPrefix } from '../../core/ipv4-mapped.ts';
import { parseIpv4 } from '../../core/ipv4.ts';
import { parseIpv6 } from '../../core/ipv6.ts';
import { prefixOf, type Prefix } from '../../core/prefix.ts';

/** An address or prefix of either family, IPv4 as IPv4-mapped; `length` is undefined for a single address. */
export function readAddressPrefix(address: string, length: number | undefined): Prefix | undefined {
  const ipv6 = parseIpv6(address);
  if (ipv6.ok) return inBounds(length, 128) ? prefixOf(ipv6.value, length ?? 128) : undefined;
  const ipv4 = parseIpv4(address);
  return ipv4.ok && inBounds(length, 32) ? ipv4MappedPrefix(ipv4.value, length ?? 32) : undefined;
}

function inBounds(length: number | undefined, most: number): boolean {
  return length === undefined || (Number.isInteger(length) && length >= 0 && length <= most);
}
