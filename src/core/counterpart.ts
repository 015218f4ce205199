import type { Ipv6Address } from './ipv6.ts';

/** Why an address has no counterpart, as it is told to people. The words are for other programs: they stay. */
export const dropReasons = {
  'address-elsewhere': 'it is in neither of the two prefixes',
  'subnet-unmapped': 'its subnet has no counterpart, since the other prefix is longer',
  'subnet-ffff': 'subnet ffff has no counterpart (RFC 6296 section 4.2)',
  'interface-id-zeros': 'its interface identifier is all zeros (RFC 6296 section 3.7)',
  'interface-id-ones': 'its interface identifier is all ones, with no word left to adjust (RFC 6296 section 3.7)',
} as const;

export type DropReason = keyof typeof dropReasons;

/** The counterpart of an address, or why there is none: packets from or to it are dropped. */
export type Counterpart =
  | { readonly mapped: Ipv6Address; readonly reason: null }
  | { readonly mapped: null; readonly reason: DropReason };

export function mappedTo(mapped: Ipv6Address): Counterpart {
  return { mapped, reason: null };
}

export function dropped(reason: DropReason): Counterpart {
  return { mapped: null, reason };
}
