import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placesInText } from './places-in-text.ts';

test('lines and columns count from 1, also at the end and in an empty text', () => {
  const at = placesInText('f', 'ab\n\ncd');
  expect([0, 2, 3, 4, 6].map((offset) => [at(offset).line, at(offset).column])).toEqual([
    [1, 1],
    [1, 3],
    [2, 1],
    [3, 1],
    [3, 3],
  ]);
  expect(placesInText('f', '')(0)).toEqual({ file: 'f', line: 1, column: 1 });
});

test('the same as counting', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n'), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.nat(80), (text, wanted) => {
      const offset = Math.min(wanted, text.length);
      const above = text.slice(0, offset).split('\n');
      const expected = { file: 'f', line: above.length, column: above.at(-1)!.length + 1 };
      expect(placesInText('f', text)(offset)).toEqual(expected);
    }),
  );
});
