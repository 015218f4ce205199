import { formatIpv6, ipv6FromBigInt, parseIpv6, type Ipv6Address } from './ipv6.ts';
import { quote } from './quote.ts';
import { fail, succeed, type Result } from './result.ts';

/** An IPv6 prefix whose host bits are all zero. `formatPrefix` gives a string that is equal for equal prefixes. */
export interface Prefix {
  readonly address: Ipv6Address;
  /** In bits, 0 to 128. */
  readonly length: number;
}

/** The prefix of this length that the address is in. */
export function prefixOf(address: Ipv6Address, length: number): Prefix {
  if (!Number.isInteger(length) || length < 0 || length > 128) throw new RangeError(`prefix length ${length}`);
  const hostBits = BigInt(128 - length);
  return { address: ipv6FromBigInt((address >> hostBits) << hostBits), length };
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatIpv6(prefix.address)}/${prefix.length}`;
}

/** Address and length as written: `fd00::1/64` keeps its host bits. For what may stand on an interface. */
export function parseAddressWithLength(text: string): Result<{ address: Ipv6Address; length: number }> {
  const slash = text.indexOf('/');
  if (slash < 0) {
    return fail({
      code: 'prefix-syntax',
      message: `${quote(text)} has no prefix length`,
      mend: 'Add it after a slash, as in fd12:3456:789a::/48.',
      at: text.length,
    });
  }
  const address = parseIpv6(text.slice(0, slash));
  if (!address.ok) return address;
  const digits = text.slice(slash + 1);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(digits) || Number(digits) > 128) {
    return fail({
      code: 'prefix-syntax',
      message: `${quote(digits)} is not a prefix length (0 to 128) in ${quote(text)}`,
      at: slash + 1,
    });
  }
  return succeed({ address: address.value, length: Number(digits) });
}

/** Reads `ADDRESS/LENGTH`; host bits are refused and the prefix that was probably meant is named. */
export function parsePrefix(text: string): Result<Prefix> {
  const read = parseAddressWithLength(text);
  if (!read.ok) return read;
  const prefix = prefixOf(read.value.address, read.value.length);
  if (prefix.address !== read.value.address) {
    return fail({
      code: 'prefix-host-bits',
      message: `${quote(text)} has bits set behind its length of ${prefix.length}`,
      mend: `Write ${formatPrefix(prefix)} if that is what you meant.`,
      at: 0,
    });
  }
  return succeed(prefix);
}

export function equalPrefixes(one: Prefix, other: Prefix): boolean {
  return one.address === other.address && one.length === other.length;
}

export function contains(prefix: Prefix, address: Ipv6Address): boolean {
  return prefixOf(address, prefix.length).address === prefix.address;
}

/** True where every address of `inner` is in `outer`. */
export function covers(outer: Prefix, inner: Prefix): boolean {
  return inner.length >= outer.length && contains(outer, inner.address);
}

export function overlap(one: Prefix, other: Prefix): boolean {
  return covers(one, other) || covers(other, one);
}

/** How many prefixes of `length` fit, as a bigint since it can be 2^128. */
export function subnetCount(prefix: Prefix, length: number): bigint {
  return length < prefix.length ? 0n : 1n << BigInt(length - prefix.length);
}

/** The `id`th prefix of `length` within `prefix`, counted from 0; undefined where it does not fit. */
export function subnetAt(prefix: Prefix, id: bigint, length = 64): Prefix | undefined {
  if (id < 0n || id >= subnetCount(prefix, length)) return undefined;
  return { address: ipv6FromBigInt(prefix.address | (id << BigInt(128 - length))), length };
}
