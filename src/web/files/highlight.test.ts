import fc from 'fast-check';
import { expect, test } from 'vitest';
import { highlight } from './highlight.ts';

test('loses and adds nothing', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          'a',
          'b',
          '1',
          ':',
          '.',
          '"',
          "'",
          '#',
          '[',
          ']',
          '=',
          ' ',
          '\n',
          '\\',
          '/',
          '-',
          'é',
          '{',
        ),
      }),
      (text) => {
        expect(
          highlight(text)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
      },
    ),
  );
});

test('tells comments, sections, keys, addresses and numbers apart', () => {
  const kinds = (text: string) => highlight(text).filter(({ kind }) => kind !== 'text').map(({ kind, text }) => [kind, text.trim()]); // prettier-ignore
  expect(kinds('# note\n[Network]\nAddress=2002:cb00:7104::1/16\nMTUBytes=1280\n')).toEqual([
    ['comment', '# note'],
    ['section', '[Network]'],
    ['key', 'Address'],
    ['address', '2002:cb00:7104::1/16'],
    ['key', 'MTUBytes'],
    ['number', '1280'],
  ]);
  expect(kinds('prefix: fd12::/58 # why\n')).toEqual([
    ['key', 'prefix'],
    ['address', 'fd12::/58'],
    ['comment', '# why'],
  ]);
  expect(kinds('iface eth0 inet6 auto\n')).toEqual([['word', 'iface']]);
  expect(kinds('\tip saddr 203.0.113.4 meta mark "a b" accept\n').slice(1)).toEqual([
    ['address', '203.0.113.4'],
    ['string', '"a b"'],
  ]);
});
