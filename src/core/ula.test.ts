import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPrefix, parsePrefix } from './prefix.ts';
import { rangeOfPrefix } from './scope.ts';
import { ulaPrefix } from './ula.ts';

test('the Global ID stands behind fd', () => {
  expect(formatPrefix(ulaPrefix(Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x9a)))).toBe('fd12:3456:789a::/48');
  expect(formatPrefix(ulaPrefix(new Uint8Array(5)))).toBe('fd00::/48');
});

test('every result is a valid prefix of locally assigned addresses, and no two inputs share one', () => {
  const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      const prefix = ulaPrefix(one);
      expect(rangeOfPrefix(prefix).kind).toBe('unique-local');
      expect(formatPrefix(prefix)).toMatch(/^fd/);
      expect(parsePrefix(formatPrefix(prefix))).toEqual({ ok: true, value: prefix });
      expect(ulaPrefix(other).address === prefix.address).toBe(one.join() === other.join());
    }),
  );
});

test('too few random bytes are a bug of the caller', () => {
  expect(() => ulaPrefix(new Uint8Array(4))).toThrow(RangeError);
});
