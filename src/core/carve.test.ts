import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeSubnet, subnetIdOf, subnets } from './carve.ts';
import { ipv6FromBigInt } from './ipv6.ts';
import {
  covers,
  equalPrefixes,
  formatPrefix,
  overlap,
  parsePrefix,
  prefixOf,
  subnetAt,
  type Prefix,
} from './prefix.ts';

function prefix(text: string): Prefix {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

test('subnets come in order and are as many as fit', () => {
  const all = [...subnets(prefix('2001:db8:0:fc::/62'))].map(formatPrefix);
  expect(all).toEqual(['2001:db8:0:fc::/64', '2001:db8:0:fd::/64', '2001:db8:0:fe::/64', '2001:db8:0:ff::/64']);
  expect([...subnets(prefix('2001:db8::/64'), 63)]).toEqual([]);
});

test('a huge block is not written out', () => {
  expect(formatPrefix(subnets(prefix('::/0'), 128).next().value!)).toBe('::/128');
});

test('subnet IDs are the inverse of subnetAt', () => {
  const bits = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
  fc.assert(
    fc.property(bits, bits, fc.integer({ min: 0, max: 128 }), fc.integer({ min: 0, max: 128 }), (one, id, a, b) => {
      const block = prefixOf(ipv6FromBigInt(one), Math.min(a, b));
      const length = Math.max(a, b);
      const subnet = subnetAt(block, id % (1n << BigInt(length - block.length)), length)!;
      const host = ipv6FromBigInt(subnet.address | (one & ((1n << BigInt(128 - length)) - 1n)));
      expect(subnetIdOf(block, host, length)).toBe(id % (1n << BigInt(length - block.length)));
    }),
  );
  expect(subnetIdOf(prefix('fd00::/48'), prefix('fd01::/64').address)).toBeUndefined();
  expect(subnetIdOf(prefix('fd00::/64'), prefix('fd00::/64').address, 48)).toBeUndefined();
});

test('the free subnet is the first that overlaps nothing taken', () => {
  const block = prefix('fd00::/58');
  const taken = fc.array(
    fc.tuple(fc.bigInt({ min: 0n, max: 63n }), fc.integer({ min: 58, max: 66 })).map(([id, length]) => {
      return prefixOf(subnetAt(block, id)!.address, length);
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(taken, fc.integer({ min: 58, max: 65 }), (occupied, length) => {
      const found = freeSubnet(block, length, occupied);
      const expected = [...subnets(block, length)].find((subnet) => !occupied.some((other) => overlap(other, subnet)));
      expect(found && formatPrefix(found)).toBe(expected && formatPrefix(expected));
    }),
  );
});

test('what lies outside the block takes nothing from it, what covers it takes all', () => {
  const block = prefix('fd00::/48');
  expect(equalPrefixes(freeSubnet(block, 64, [prefix('fd01::/48')])!, prefix('fd00::/64'))).toBe(true);
  expect(freeSubnet(block, 64, [prefix('fd00::/8')])).toBeUndefined();
  expect(freeSubnet(block, 47, [])).toBeUndefined();
  expect(covers(block, freeSubnet(block, 128, [prefix('fd00::/49')])!)).toBe(true);
});
