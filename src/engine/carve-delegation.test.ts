import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers, formatPrefix, overlap, parsePrefix, prefixOf, subnetAt, type Prefix } from '../core/prefix.ts';
import { ipv6FromBigInt } from '../core/ipv6.ts';
import { carveDelegation } from './carve-delegation.ts';
import type { Network } from './config.ts';

const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};
const home = (ids: number[], inside = 'fd12:3456:789a::/48'): Network => ({
  name: 'home',
  prefix: prefix(inside),
  subnets: ids.map((id, index) => ({ name: `s${index}`, id, prefix: subnetAt(prefix(inside), BigInt(id))! })),
});
const pairs = (network: Network, delegated: string): string[] =>
  carveDelegation(network, prefix(delegated)).pairs.map(
    ({ inside, outside }) => `${formatPrefix(inside)} ${formatPrefix(outside)}`,
  );
const without = (network: Network, delegated: string): string[] =>
  carveDelegation(network, prefix(delegated)).without.map(({ name }) => name);

describe('the delegation holds the whole network', () => {
  test('of the same length: one pair', () => {
    expect(pairs(home([0, 1]), '2001:db8:a::/48')).toEqual(['fd12:3456:789a::/48 2001:db8:a::/48']);
  });
  test('larger: one pair with its first part', () => {
    expect(pairs(home([0], 'fd12:3456:789a::/58'), '2001:db8:a:aa00::/56')).toEqual([
      'fd12:3456:789a::/58 2001:db8:a:aa00::/58',
    ]);
  });
});

describe('the delegation is smaller than the network', () => {
  test('a subnet whose ID fits keeps its number', () => {
    expect(pairs(home([1, 3]), '2001:db8:a:aa80::/58')).toEqual([
      'fd12:3456:789a:1::/64 2001:db8:a:aa81::/64',
      'fd12:3456:789a:3::/64 2001:db8:a:aa83::/64',
    ]);
  });
  test('others get the lowest slots left, in their order', () => {
    expect(pairs(home([500, 0, 600]), '2001:db8:a:aa80::/62')).toEqual([
      'fd12:3456:789a:1f4::/64 2001:db8:a:aa81::/64',
      'fd12:3456:789a::/64 2001:db8:a:aa80::/64',
      'fd12:3456:789a:258::/64 2001:db8:a:aa82::/64',
    ]);
  });
  test('too small for all: the first in the configuration win', () => {
    const network = home([7, 1, 0]);
    expect(pairs(network, '2001:db8:a:aa80::/63')).toEqual([
      'fd12:3456:789a:7::/64 2001:db8:a:aa80::/64',
      'fd12:3456:789a:1::/64 2001:db8:a:aa81::/64',
    ]);
    expect(without(network, '2001:db8:a:aa80::/63')).toEqual(['s2']);
  });
  test('longer than /64: nobody gets anything', () => {
    expect(pairs(home([0]), '2001:db8:a:aa80::/72')).toEqual([]);
    expect(without(home([0]), '2001:db8:a:aa80::/72')).toEqual(['s0']);
  });
});

test('whatever is delegated: equal lengths, inside the delegation, and nothing collides', () => {
  const ids = fc.uniqueArray(fc.nat({ max: 65_535 }), { maxLength: 40 });
  const delegated = fc
    .tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.integer({ min: 40, max: 70 }))
    .map(([bits, length]) => prefixOf(ipv6FromBigInt(bits), length));
  fc.assert(
    fc.property(ids, delegated, (chosen, outer) => {
      const network = home(chosen);
      const carving = carveDelegation(network, outer);
      const all = carving.pairs;
      for (const { inside, outside } of all) {
        expect(inside.length).toBe(outside.length);
        expect(covers(outer, outside)).toBe(true);
        expect(covers(network.prefix, inside)).toBe(true);
      }
      for (const [index, one] of all.entries()) {
        for (const other of all.slice(index + 1)) {
          expect(overlap(one.inside, other.inside) || overlap(one.outside, other.outside)).toBe(false);
        }
      }
      const served = all.map(({ subnet }) => subnet);
      if (outer.length > 48) expect([...served, ...carving.without]).toEqual(network.subnets);
    }),
  );
});

describe('a part of the delegation is excluded (RFC 6603)', () => {
  const carved = (network: Network, delegated: string, excluded: string): string[] => {
    const { pairs, without } = carveDelegation(network, prefix(delegated), { excluded: prefix(excluded) });
    const names = without.map(({ name }) => `nothing for ${name}`);
    return [...pairs.map(({ inside, outside }) => `${formatPrefix(inside)} ${formatPrefix(outside)}`), ...names];
  };
  const lan = home([0, 5], 'fd12:3456:789a::/58');

  test('of a larger one another part is taken, where the first is touched', () => {
    const larger = '2001:db8:a:aa00::/56';
    expect(carved(lan, larger, '2001:db8:a:aa80::/64')).toEqual(['fd12:3456:789a::/58 2001:db8:a:aa00::/58']);
    expect(carved(lan, larger, '2001:db8:a:aa05::/64')).toEqual(['fd12:3456:789a::/58 2001:db8:a:aa40::/58']);
    expect(carved(lan, larger, '2001:db8:a:aa00::/57')).toEqual(['fd12:3456:789a::/58 2001:db8:a:aa80::/58']);
  });

  test('where all is needed each subnet gets its /64, and the one whose place is taken another', () => {
    expect(carved(lan, '2001:db8:a:aa80::/58', '2001:db8:a:aa85::/64')).toEqual([
      'fd12:3456:789a::/64 2001:db8:a:aa80::/64',
      'fd12:3456:789a:5::/64 2001:db8:a:aa81::/64',
    ]);
    expect(carved(lan, '2001:db8:a:aa80::/58', '2001:db8:a:aa80:1::/80')).toEqual([
      'fd12:3456:789a::/64 2001:db8:a:aa81::/64',
      'fd12:3456:789a:5::/64 2001:db8:a:aa85::/64',
    ]);
    expect(carved(lan, '2001:db8:a:aa80::/63', '2001:db8:a:aa80::/64')).toEqual([
      'fd12:3456:789a::/64 2001:db8:a:aa81::/64',
      'nothing for s1',
    ]);
    expect(carved(lan, '2001:db8:a:aa80::/64', '2001:db8:a:aa80::/80')).toEqual(['nothing for s0', 'nothing for s1']);
  });

  test('any: nothing of the excluded part is used, no outside prefix twice, and in no time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 64 }),
        fc.integer({ min: 1, max: 44 }),
        fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
        fc.uniqueArray(fc.nat({ max: 0xffff }), { maxLength: 6 }),
        (length, longer, bits, ids) => {
          const delegated = prefixOf(ipv6FromBigInt((0x2001n << 112n) | (bits >> 16n)), length);
          const host = bits & ((1n << BigInt(128 - length)) - 1n);
          const excluded = prefixOf(ipv6FromBigInt(delegated.address | host), length + longer);
          const carving = carveDelegation(home(ids), delegated, { excluded });
          for (const [index, { outside }] of carving.pairs.entries()) {
            expect(covers(delegated, outside) && !overlap(outside, excluded)).toBe(true);
            expect(carving.pairs.slice(index + 1).some((other) => overlap(other.outside, outside))).toBe(false);
          }
        },
      ),
      { seed: 6603, numRuns: 500 },
    );
  });
});

describe('a part of the delegation is chosen (subprefix)', () => {
  const lan = home([0, 5], 'fd12:3456:789a::/58');
  const carved = (delegated: string, subprefix: number, excluded?: string): string[] => {
    const parts = { subprefix, ...(excluded && { excluded: prefix(excluded) }) };
    const { pairs: made, without: none } = carveDelegation(lan, prefix(delegated), parts);
    return [...made.map(({ outside }) => formatPrefix(outside)), ...none.map(({ name }) => `nothing for ${name}`)];
  };
  const nobody = ['nothing for s0', 'nothing for s1'];

  test('that one and no other', () => {
    expect([0, 1, 2, 3].map((part) => carved('2001:db8:a:aa00::/56', part))).toEqual(
      ['00', '40', '80', 'c0'].map((last) => [`2001:db8:a:aa${last}::/58`]),
    );
    expect(carved('2001:db8:a:aa00::/56', 4)).toEqual(nobody);
    expect(carved('2000::/20', 2 ** 38 - 1)).toEqual(['2000:fff:ffff:ffc0::/58']);
  });
  test('of one as large as the network, or smaller, there is the part 0 alone', () => {
    expect([carved('2001:db8:a:aa40::/58', 0), carved('2001:db8:a:aa40::/58', 1)]).toEqual([
      ['2001:db8:a:aa40::/58'],
      nobody,
    ]);
    expect([carved('2001:db8:a:aa40::/62', 0), carved('2001:db8:a:aa40::/62', 1)]).toEqual([
      ['2001:db8:a:aa40::/64', '2001:db8:a:aa41::/64'],
      nobody,
    ]);
  });
  test('an excluded part elsewhere changes nothing; in it each subnet gets a /64 of what is left of it', () => {
    const larger = '2001:db8:a:aa00::/56';
    expect(carved(larger, 1, '2001:db8:a:aa00::/64')).toEqual(['2001:db8:a:aa40::/58']);
    expect(carved(larger, 1, '2001:db8:a:aa45::/64')).toEqual(['2001:db8:a:aa40::/64', '2001:db8:a:aa41::/64']);
    expect(carved(larger, 1, '2001:db8:a:aa00::/57')).toEqual(nobody);
  });
  test('any: within the part, nothing of the excluded one, nothing twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 64 }),
        fc.nat({ max: 300 }),
        fc.option(fc.tuple(fc.integer({ min: 1, max: 24 }), fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }))),
        (length, subprefix, out) => {
          const delegated = prefixOf(ipv6FromBigInt(0x2001_0db8n << 96n), length);
          const host = (out?.[1] ?? 0n) & ((1n << BigInt(128 - length)) - 1n);
          const excluded = out ? prefixOf(ipv6FromBigInt(delegated.address | host), length + out[0]) : undefined;
          const { pairs: made } = carveDelegation(lan, delegated, { subprefix, excluded });
          const part = length > 58 ? delegated : subnetAt(delegated, BigInt(subprefix), 58);
          if (!part || (length > 58 && subprefix > 0)) {
            expect(made).toEqual([]);
            return;
          }
          for (const [index, { inside, outside }] of made.entries()) {
            expect(inside.length).toBe(outside.length);
            expect(covers(part, outside) && !(excluded && overlap(outside, excluded))).toBe(true);
            expect(made.slice(index + 1).some((other) => overlap(other.outside, outside))).toBe(false);
          }
        },
      ),
      { seed: 58, numRuns: 500 },
    );
  });
});
