/*
 * Whole /64s are in sets of their own, which have no intervals: there can be thousands of them. Of intervals nft 1.0.6 reads every set
 * that there is before it changes one element of any, and to delete thousands takes it minutes. The rules look such an address up by its
 * first half. Everywhere but in nft's own notation their elements are prefixes, like those of all other sets of mappings.
 */

const kinds: ReadonlySet<string> = new Set(['out', 'in', 'mapped', 'outside'].map(subnetKind));

/** Of a set that has the /64s of this kind, for `identifier`. */
export function subnetKind(kind: string): string {
  return `${kind}64`;
}

export function isSubnetSet(name: string): boolean {
  return kinds.has(name.slice(0, name.indexOf('_')));
}

/** What the rules look up: the address without its host part. */
export const subnetOf = '& ffff:ffff:ffff:ffff::';

/** `ADDRESS/64` or `ADDRESS/64 : PREFIX`, as nft takes it in the set of this name. */
export function formatElement(set: string, element: string): string {
  return isSubnetSet(set) ? element.replace('/64', '') : element;
}

/** The inverse, of an element of a set of /64s. */
export function readSubnetElement(element: string): string {
  const end = element.indexOf(' ');
  return end < 0 ? `${element}/64` : `${element.slice(0, end)}/64${element.slice(end)}`;
}
