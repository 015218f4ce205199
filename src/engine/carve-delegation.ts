import { subprefixOf } from '../core/carve.ts';
import { covers, overlap, subnetAt, subnetCount, type Prefix } from '../core/prefix.ts';
import type { Network, Subnet } from './config.ts';

/** How a delegated prefix is shared out to a network. */
export interface Carving {
  readonly pairs: readonly CarvedPair[];
  /** Subnets that got nothing, in the order of the configuration. */
  readonly without: readonly Subnet[];
}

export interface CarvedPair {
  readonly subnet?: Subnet;
  readonly inside: Prefix;
  readonly outside: Prefix;
}

/**
 * Pairs inside with outside prefixes of equal length, so that nothing can collide.
 *
 * | the delegation is           | result                                                                          |
 * | --------------------------- | ------------------------------------------------------------------------------- |
 * | as long as the network      | one pair                                                                        |
 * | shorter (larger)            | one pair with its first prefix of the network's length                          |
 * | longer (smaller), up to /64 | a /64 for each subnet: the first ones in the configuration's order, each in the |
 * |                             | slot of its own ID where that fits, else in the lowest slot left                |
 * | longer than /64             | nothing                                                                         |
 *
 * `excluded` is the part of the delegation that stays with the provider's link (RFC 6603): a larger delegation gives
 * another of its parts then, and where all of it is needed each subnet gets a /64 as above, of those that are left.
 *
 * `subprefix` is the part that the configuration names, counted from 0 in steps of the network's length: that one and no
 * other is used, so where the delegation has no such part nobody gets anything.
 */
export function carveDelegation(
  network: Network,
  delegated: Prefix,
  { excluded, subprefix }: { readonly excluded?: Prefix | undefined; readonly subprefix?: number | undefined } = {},
): Carving {
  const { length } = network.prefix;
  if (subprefix !== undefined) {
    const part = subprefixOf(delegated, length, subprefix);
    if (!part) return { pairs: [], without: network.subnets };
    return carveDelegation(network, part, excluded && overlap(part, excluded) ? { excluded } : {});
  }
  if (delegated.length <= length) {
    const outside = firstPart(delegated, length, excluded);
    if (outside) return { pairs: [{ inside: network.prefix, outside }], without: [] };
  }
  return carveSlots(network, delegated, excluded && slotsOf(delegated, excluded));
}

/** Shares out several delegations: each gives to the subnets that those before it could not serve. */
export function carveDelegations(
  network: Network,
  delegations: readonly { readonly prefix: Prefix; readonly excluded?: Prefix }[],
  subprefix?: number,
): Carving {
  const pairs: CarvedPair[] = [];
  let without = network.subnets;
  for (const { prefix, excluded } of delegations) {
    const carving = carveDelegation({ ...network, subnets: without }, prefix, { excluded, subprefix });
    pairs.push(...carving.pairs);
    without = carving.without;
    if (without.length === 0) break;
  }
  return { pairs, without };
}

/** The first prefix of this length in the delegation that has nothing of the excluded one. */
function firstPart(delegated: Prefix, length: number, excluded: Prefix | undefined): Prefix | undefined {
  const first = subnetAt(delegated, 0n, length)!;
  if (!excluded || !overlap(first, excluded)) return first;
  if (covers(excluded, delegated)) return undefined;
  return subnetAt(delegated, subnetCount(excluded, length) || 1n, length);
}

/** Slots of the delegation, from `first` up to `end`, which is not one of them. */
interface Slots {
  readonly first: bigint;
  readonly end: bigint;
}

function slotsOf(delegated: Prefix, excluded: Prefix): Slots {
  if (covers(excluded, delegated)) return { first: 0n, end: subnetCount(delegated, 64) };
  const first = (excluded.address - delegated.address) >> 64n;
  return { first, end: first + (subnetCount(excluded, 64) || 1n) };
}

function carveSlots(network: Network, delegated: Prefix, { first, end }: Slots = { first: 0n, end: 0n }): Carving {
  const slots = subnetCount(delegated, 64);
  const isExcluded = (slot: bigint): boolean => slot >= first && slot < end;
  const served = network.subnets.filter((_, index) => BigInt(index) < slots - (end - first));
  const slotOf = new Map<Subnet, bigint>();
  const taken = new Set<bigint>();
  for (const subnet of served) {
    const own = BigInt(subnet.id);
    if (own >= slots || isExcluded(own)) continue;
    slotOf.set(subnet, own);
    taken.add(own);
  }
  let lowest = 0n;
  for (const subnet of served) {
    if (slotOf.has(subnet)) continue;
    while (taken.has(lowest) || isExcluded(lowest)) lowest = isExcluded(lowest) ? end : lowest + 1n;
    slotOf.set(subnet, lowest);
    taken.add(lowest);
  }
  const pairs = served.map((subnet) => ({
    subnet,
    inside: subnet.prefix,
    outside: subnetAt(delegated, slotOf.get(subnet)!, 64)!,
  }));
  return { pairs, without: network.subnets.slice(served.length) };
}
