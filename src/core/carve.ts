import { ipv6FromBigInt, type Ipv6Address } from './ipv6.ts';
import { contains, covers, overlap, subnetAt, subnetCount, type Prefix } from './prefix.ts';

/** All prefixes of `length` within `block`, in order and one at a time: there can be 2^128 of them. */
export function* subnets(block: Prefix, length = 64): Generator<Prefix, void> {
  const count = subnetCount(block, length);
  for (let id = 0n; id < count; id++) yield subnetAt(block, id, length)!;
}

/** The inverse of `subnetAt`: in which subnet of `block` the address is; undefined where it is outside. */
export function subnetIdOf(block: Prefix, address: Ipv6Address, length = 64): bigint | undefined {
  if (length < block.length || !contains(block, address)) return undefined;
  return (address ^ block.address) >> BigInt(128 - length);
}

/** The first prefix of `length` in `block` that overlaps nothing that is taken; undefined where there is none. */
export function freeSubnet(block: Prefix, length: number, taken: readonly Prefix[]): Prefix | undefined {
  if (length < block.length || taken.some((prefix) => covers(prefix, block))) return undefined;
  const inside = taken.filter((prefix) => overlap(prefix, block));
  if (inside.length === 0) return { address: block.address, length };
  if (length === block.length) return undefined;
  const half = block.length + 1;
  const upper = ipv6FromBigInt(block.address | (1n << BigInt(128 - half)));
  return (
    freeSubnet({ address: block.address, length: half }, length, inside) ??
    freeSubnet({ address: upper, length: half }, length, inside)
  );
}

/**
 * The part of a delegation that a `subprefix` names, in steps of the network's `length`, counted from 0; undefined where it
 * has no such part. A delegation that is not larger than the network is its part 0 itself.
 */
export function subprefixOf(delegated: Prefix, length: number, subprefix: number): Prefix | undefined {
  if (delegated.length > length) return subprefix === 0 ? delegated : undefined;
  return subnetAt(delegated, BigInt(subprefix), length);
}
