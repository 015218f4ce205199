import { addressRanges, type AddressRange } from './address-ranges.ts';
import type { Ipv6Address } from './ipv6.ts';
import { contains, covers, type Prefix } from './prefix.ts';

/** How far a multicast packet may go (RFC 4291 section 2.7, RFC 7346 section 2). */
export type MulticastScope =
  | 'interface-local'
  | 'link-local'
  | 'realm-local'
  | 'admin-local'
  | 'site-local'
  | 'organization-local'
  | 'global'
  | 'reserved'
  | 'unassigned';

const multicastScopes: Readonly<Record<number, MulticastScope>> = {
  0x0: 'reserved',
  0x1: 'interface-local',
  0x2: 'link-local',
  0x3: 'realm-local',
  0x4: 'admin-local',
  0x5: 'site-local',
  0x8: 'organization-local',
  0xe: 'global',
  0xf: 'reserved',
};

// The longest first, so that the first hit is the answer.
const bySize = [...addressRanges].sort((one, other) => other.prefix.length - one.prefix.length);
const everything = bySize.at(-1)!;

/** The block that says what kind of address this is. */
export function rangeOf(address: Ipv6Address): AddressRange {
  return bySize.find((range) => contains(range.prefix, address)) ?? everything;
}

/** The smallest block that covers all of the prefix; for a prefix with more than one kind in it that is ::/0. */
export function rangeOfPrefix(prefix: Prefix): AddressRange {
  return bySize.find((range) => covers(range.prefix, prefix)) ?? everything;
}

/** Undefined for an address that is not multicast. */
export function multicastScope(address: Ipv6Address): MulticastScope | undefined {
  if (address >> 120n !== 0xffn) return undefined;
  return multicastScopes[Number((address >> 112n) & 0xfn)] ?? 'unassigned';
}
