import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatFragment, parseFragment } from './fragment.ts';
import type { Values } from './values.ts';

test('is readable', () => {
  const place = {
    kind: '6to4',
    target: 'networkd',
    values: { ipv4: '203.0.113.4', prefix: 'fd00::/8', local: '', subnet: [{ id: '1', interface: 'eth1' }] },
  };
  expect(formatFragment(place)).toBe(
    '#6to4/networkd?ipv4=203.0.113.4&prefix=fd00::/8&subnet.0.id=1&subnet.0.interface=eth1',
  );
});

const key = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,5}$/);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const row = fc.dictionary(key, text, { maxKeys: 3, noNullPrototype: true });
const values: fc.Arbitrary<Values> = fc.dictionary(key, fc.oneof(text, fc.array(row, { minLength: 1, maxLength: 3 })), {
  maxKeys: 5,
  noNullPrototype: true,
});

test('holds everything that a form holds', () => {
  fc.assert(
    fc.property(text, text, values, (kind, target, given) => {
      fc.pre(!/[/?]/.test(kind + target));
      const place = { kind, target, values: given };
      expect(parseFragment(formatFragment(place))).toEqual(place);
    }),
  );
});

test('never throws, whatever somebody writes there', () => {
  fc.assert(fc.property(fc.string(), (anything) => void parseFragment(`#${anything}`)));
  expect(parseFragment('#6to4')).toEqual({ kind: '6to4', target: '', values: undefined });
  expect(parseFragment('#6to4/x?a=%ff&subnet.9999999.id=1&__proto__.0.x=1')).toMatchObject({
    kind: '6to4',
    values: { a: '%ff' },
  });
});
