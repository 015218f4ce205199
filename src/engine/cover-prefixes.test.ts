import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ipv6Address } from '../core/ipv6.ts';
import { covers, formatPrefix, overlap, prefixOf } from '../core/prefix.ts';
import { coverPrefixes } from './cover-prefixes.ts';
import { prefix } from '../testing/healthy-host.ts';

test('a few around many', () => {
  const these = ['2001:db8:0:0::/64', '2001:db8:0:1::/64', '2001:db8:0:3::/64'].map(prefix);
  expect(coverPrefixes(these, []).map(formatPrefix)).toEqual(['2001:db8::/62']);
  expect(coverPrefixes(these, [prefix('2001:db8:0:2::/64')]).map(formatPrefix)).toEqual([
    '2001:db8::/63',
    '2001:db8:0:3::/64',
  ]);
  expect(coverPrefixes([], [])).toEqual([]);
});

test('all of these, nothing of those', () => {
  const slots = fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { minLength: 1 });
  fc.assert(
    fc.property(slots, fc.integer({ min: 0, max: 63 }), (taken, split) => {
      const all = taken.map((slot) => prefixOf(((0x2001n << 112n) | (BigInt(slot) << 64n)) as Ipv6Address, 64));
      const [these, those] = [all.slice(0, split), all.slice(split)];
      const cover = coverPrefixes(these, those);
      for (const each of these) expect(cover.some((around) => covers(around, each))).toBe(true);
      for (const each of those) expect(cover.some((around) => overlap(around, each))).toBe(false);
    }),
  );
});
