import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatIpv6, ipv6FromWords, parseIpv6, type Ipv6Address } from './ipv6.ts';
import { deriveMapper, mapAddress, type MappingMode } from './map-address.ts';
import { parsePrefix, prefixOf, type Prefix } from './prefix.ts';

function prefix(text: string): Prefix {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function map(text: string, inside: string, outside: string, mode: MappingMode = 'stateful'): string {
  const address = parseIpv6(text);
  if (!address.ok) throw new Error(address.problem.message);
  const result = mapAddress({ address: address.value, inside: prefix(inside), outside: prefix(outside), mode });
  if (!result.ok) return result.problem.code;
  return result.value.mapped === null ? result.value.reason : formatIpv6(result.value.mapped);
}

test.each([
  ['fd12:3456:789a::10', 'fd12:3456:789a::/48', '2001:db8::/48', '2001:db8::10'],
  ['2001:db8::10', 'fd12:3456:789a::/48', '2001:db8::/48', 'fd12:3456:789a::10'],
  ['fd12:3456:789a:ffff::', 'fd12:3456:789a::/48', '2001:db8::/48', '2001:db8:0:ffff::'],
  ['fd12:3456:789a:1::10', 'fd12:3456:789a::/58', '2001:db8:7:40::/58', '2001:db8:7:41::10'],
  ['fd12:3456:789a:1::10', 'fd12:3456:789a::/58', '2001:db8:7:40::/60', '2001:db8:7:41::10'],
  ['fd12:3456:789a:10::10', 'fd12:3456:789a::/58', '2001:db8:7:40::/60', 'subnet-unmapped'],
  ['2001:db8:7:1ff::1', 'fd12:3456:789a::/58', '2001:db8:7::/48', 'subnet-unmapped'],
  ['2001:db8:7:3f::1', 'fd12:3456:789a::/58', '2001:db8:7::/48', 'fd12:3456:789a:3f::1'],
  ['fd12:3456:789b::1', 'fd12:3456:789a::/48', '2001:db8::/48', 'address-elsewhere'],
  ['fd12::1234', 'fd12::/112', '2001:db8::ff00/120', 'subnet-unmapped'],
  ['fd12::34', 'fd12::/112', '2001:db8::ff00/120', '2001:db8::ff34'],
  ['fd12::1', 'fd12::/48', 'fd12::/64', 'mapping-overlap'],
  ['fe80::1', 'fe80::/64', '2001:db8::/64', 'mapping-prefix'],
])('stateful: %s between %s and %s is %s', (address, inside, outside, expected) => {
  expect(map(address, inside, outside)).toBe(expected);
});

test('the direction decides for rfc6296 too', () => {
  const pair = ['fd01:203:405::/48', '2001:db8:1::/48', 'rfc6296'] as const;
  expect(map('fd01:203:405:1::1234', ...pair)).toBe('2001:db8:1:d550::1234');
  expect(map('2001:db8:1:d550::1234', ...pair)).toBe('fd01:203:405:1::1234');
  expect(map('2001:db8:2::1', ...pair)).toBe('address-elsewhere');
  expect(map('fd01::1', 'fd01::/80', '2001:db8:1::/80', 'rfc6296')).toBe('mapping-prefix');
});

const words = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });

test('stateful: everything behind the longer prefix stays, and every address that is mapped comes back', () => {
  const length = fc.integer({ min: 16, max: 128 });
  fc.assert(
    fc.property(words, length, words, length, words, (one, insideLength, other, outsideLength, bits) => {
      const inside = prefixOf(ipv6FromWords([0xfd12, ...one.slice(1)]), insideLength);
      const outside = prefixOf(ipv6FromWords([0x2600, ...other.slice(1)]), outsideLength);
      const mapper = deriveMapper({ inside, outside, mode: 'stateful' });
      if (!mapper.ok) throw new Error(mapper.problem.message);
      const longer = Math.max(insideLength, outsideLength);
      const host = ipv6FromWords(bits) & ((1n << BigInt(128 - longer)) - 1n);
      const given = (inside.address | host) as Ipv6Address;
      const there = mapper.value.map(given);
      expect(there.mapped).toBe(outside.address | host);
      expect(mapper.value.map(there.mapped!).mapped).toBe(given);
      expect(mapper.value.direction(given)).toBe('out');
      expect(mapper.value.direction(there.mapped!)).toBe('in');
    }),
  );
});

test('stateful: no two inside addresses share an outside one', () => {
  const mapper = deriveMapper({ inside: prefix('fd00::/120'), outside: prefix('2001:db8::a0/124'), mode: 'stateful' });
  if (!mapper.ok) throw new Error(mapper.problem.message);
  const mapped = Array.from({ length: 256 }, (_, host) =>
    mapper.value.map((prefix('fd00::/120').address + BigInt(host)) as Ipv6Address),
  ).filter((counterpart) => counterpart.mapped !== null);
  expect(mapped).toHaveLength(16);
  expect(new Set(mapped.map((counterpart) => counterpart.mapped)).size).toBe(16);
});
