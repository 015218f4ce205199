import { subnetAt, subnetCount, type Prefix } from '../core/prefix.ts';
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
 */
export function carveDelegation(network: Network, delegated: Prefix): Carving {
  if (delegated.length <= network.prefix.length) {
    const outside = subnetAt(delegated, 0n, network.prefix.length)!;
    return { pairs: [{ inside: network.prefix, outside }], without: [] };
  }
  const slots = subnetCount(delegated, 64);
  const served = network.subnets.filter((_, index) => BigInt(index) < slots);
  const slotOf = new Map<Subnet, bigint>();
  const taken = new Set<bigint>();
  for (const subnet of served) {
    const own = BigInt(subnet.id);
    if (own >= slots) continue;
    slotOf.set(subnet, own);
    taken.add(own);
  }
  let lowest = 0n;
  for (const subnet of served) {
    if (slotOf.has(subnet)) continue;
    while (taken.has(lowest)) lowest++;
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
