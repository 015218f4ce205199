import type { Prefix } from '../core/prefix.ts';

/** Prefixes that none of a large number overlaps can be told of at once: each length has a set of its own. */
export interface PrefixIndex {
  overlaps(prefix: Prefix): boolean;
  add(prefix: Prefix): void;
}

export function createPrefixIndex(): PrefixIndex {
  /** The addresses of the prefixes of each length, cut to each length that was asked for or is there. */
  const cut = new Map<string, Set<bigint>>();
  const held: Prefix[] = [];
  const lengths = new Set<number>();

  function addressesOf(length: number, cutTo: number): Set<bigint> {
    const key = `${length}/${cutTo}`;
    let addresses = cut.get(key);
    if (!addresses) {
      addresses = new Set(held.filter((each) => each.length === length).map(({ address }) => cutAt(address, cutTo)));
      cut.set(key, addresses);
    }
    return addresses;
  }
  return {
    overlaps({ address, length }) {
      for (const other of lengths) {
        const common = Math.min(length, other);
        if (addressesOf(other, common).has(cutAt(address, common))) return true;
      }
      return false;
    },
    add(prefix) {
      held.push(prefix);
      lengths.add(prefix.length);
      for (const [key, addresses] of cut) {
        const [length, cutTo] = key.split('/').map(Number);
        if (length === prefix.length) addresses.add(cutAt(prefix.address, cutTo!));
      }
    },
  };
}

/** Without the zeros behind it: V8 hashes a bigint by its last 64 bits, which would be the same for each /64. */
function cutAt(address: bigint, length: number): bigint {
  return address >> BigInt(128 - length);
}
