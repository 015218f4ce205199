import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ipv6Address } from '../core/ipv6.ts';
import { overlap, prefixOf } from '../core/prefix.ts';
import { createPrefixIndex } from './prefix-index.ts';

const prefixes = fc
  .record({ bits: fc.bigInt(0n, 255n), length: fc.integer({ min: 0, max: 8 }) })
  .map(({ bits, length }) => prefixOf((bits << 120n) as Ipv6Address, length));

test('it overlaps what a comparison with each would', () => {
  fc.assert(
    fc.property(fc.array(prefixes), fc.array(prefixes), (held, asked) => {
      const index = createPrefixIndex();
      const all = [];
      // Asked between the additions: what is kept for an answer has to follow.
      for (const prefix of held) {
        index.add(prefix);
        all.push(prefix);
        for (const each of asked) expect(index.overlaps(each)).toBe(all.some((other) => overlap(each, other)));
      }
    }),
  );
});

test('twenty thousand take no longer than they must', () => {
  const index = createPrefixIndex();
  const start = performance.now();
  for (let at = 0n; at < 20_000n; at++) {
    const prefix = prefixOf(((0x2001n << 112n) | (at << 64n)) as Ipv6Address, 64);
    expect(index.overlaps(prefix)).toBe(false);
    index.add(prefix);
  }
  expect(performance.now() - start).toBeLessThan(3000);
});
