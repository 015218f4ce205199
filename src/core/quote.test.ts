import { expect, test } from 'vitest';
import { quote } from './quote.ts';

test('text is quoted as it is', () => {
  expect(quote('fd00::größe')).toBe('"fd00::größe"');
});

test('nothing that steers a terminal or ends a log line gets through', () => {
  expect(quote('a\u001b[31m\n\u202eb\u2028')).toBe(String.raw`"a\u{1b}[31m\u{a}\u{202e}b\u{2028}"`);
});

test('long text is cut', () => {
  expect(quote('x'.repeat(100_000))).toHaveLength(66);
});
