import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipv4FromNumber, parseIpv4 } from './ipv4.ts';
import { ipv4PrefixOf } from './ipv4-prefix.ts';
import { ipv6FromBigInt } from './ipv6.ts';
import { contains, covers, equalPrefixes, formatPrefix } from './prefix.ts';
import { sixToFourMartianOf, sixToFourMartians } from './sixtofour-martians.ts';
import { ipv4OfSixToFour, sixToFourPrefix, sixToFourPrefixOf } from './sixtofour.ts';

function ipv4(text: string): ReturnType<typeof ipv4FromNumber> {
  const read = parseIpv4(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

test.each([
  ['203.0.113.4', '2002:cb00:7104::/48'],
  ['192.0.2.4', '2002:c000:204::/48'],
  ['198.51.100.7', '2002:c633:6407::/48'],
  ['255.255.255.255', '2002:ffff:ffff::/48'],
])('%s owns %s', (address, prefix) => {
  expect(formatPrefix(sixToFourPrefix(ipv4(address)))).toBe(prefix);
});

test('the IPv4 address comes back from every address of the site, and from no other', () => {
  const number = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(number, fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (value, bits) => {
      const site = sixToFourPrefix(ipv4FromNumber(value));
      const inside = ipv6FromBigInt(site.address | (bits & ((1n << 80n) - 1n)));
      expect(ipv4OfSixToFour(inside)).toBe(value);
      const other = ipv6FromBigInt(bits);
      expect(ipv4OfSixToFour(other) !== undefined).toBe(bits >> 112n === 0x2002n);
    }),
  );
});

test.each(sixToFourMartians.map((entry) => [formatPrefix(entry.prefix), entry] as const))(
  'martian %s is that of its IPv4 block',
  (_text, { ipv4: block, prefix }) => {
    expect(equalPrefixes(sixToFourPrefixOf(block), prefix)).toBe(true);
  },
);

test('a site is under a martian prefix exactly where its IPv4 address is a martian', () => {
  const near = fc
    .tuple(
      fc.constantFrom(...sixToFourMartians),
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.integer({ min: 0, max: 31 }),
    )
    .map(([{ ipv4: block }, bits, flip]) =>
      ipv4FromNumber((block.address | (bits & (2 ** (32 - block.length) - 1))) ^ (1 << flip)),
    );
  fc.assert(
    fc.property(near, (address) => {
      const site = sixToFourPrefix(address);
      const listed = sixToFourMartians.some(
        (entry) => covers(entry.prefix, site) && contains(entry.prefix, site.address),
      );
      expect(sixToFourMartianOf(address) !== undefined).toBe(listed);
    }),
  );
  expect(sixToFourMartianOf(ipv4('100.127.255.255'))?.rfc).toBe('RFC 6598');
  expect(sixToFourMartianOf(ipv4('100.128.0.0'))).toBeUndefined();
  expect(sixToFourMartianOf(ipv4('172.31.255.255'))?.what).toBe('private');
  expect(sixToFourMartianOf(ipv4('9.255.255.255'))).toBeUndefined();
  expect(sixToFourMartianOf(ipv4('223.255.255.255'))).toBeUndefined();
  expect(sixToFourMartianOf(ipv4('255.255.255.255'))).toBeDefined();
});

test('IPv4 prefixes keep their length behind 2002::/16', () => {
  expect(formatPrefix(sixToFourPrefixOf(ipv4PrefixOf(ipv4('10.1.2.3'), 8)))).toBe('2002:a00::/24');
});
