import fc from 'fast-check';
import { BlockList } from 'node:net';
import { expect, test } from 'vitest';
import { formatIpv6, ipv6FromWords } from './ipv6.ts';
import {
  contains,
  covers,
  equalPrefixes,
  formatPrefix,
  overlap,
  parseAddressWithLength,
  parsePrefix,
  prefixOf,
  subnetAt,
  subnetCount,
  type Prefix,
} from './prefix.ts';

function prefix(text: string): Prefix {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

const address = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map(ipv6FromWords);
const anyPrefix = fc.tuple(address, fc.integer({ min: 0, max: 128 })).map(([value, length]) => prefixOf(value, length));

test.each([
  ['fd12:3456:789a::', 'prefix-syntax', 16],
  ['fd12:3456:789a::/', 'prefix-syntax', 17],
  ['fd12:3456:789a::/129', 'prefix-syntax', 17],
  ['fd12:3456:789a::/048', 'prefix-syntax', 17],
  ['fd12:3456:789a::/ 48', 'prefix-syntax', 17],
  ['fd12:3456:789a::/4/8', 'prefix-syntax', 17],
  ['fd12:3456:789g::/48', 'address-syntax', 13],
])('refuses %s', (text, code, at) => {
  const read = parsePrefix(text);
  if (read.ok) throw new Error('accepted');
  expect(read.problem).toMatchObject({ code, at });
});

test('host bits are refused and the prefix that was meant is named', () => {
  const read = parsePrefix('fd12:3456:789a:1::/48');
  if (read.ok) throw new Error('accepted');
  expect(read.problem.code).toBe('prefix-host-bits');
  expect(read.problem.mend).toContain('fd12:3456:789a::/48');
  expect(parseAddressWithLength('fd12:3456:789a:1::/48').ok).toBe(true);
});

test('text and value are inverse', () => {
  fc.assert(
    fc.property(anyPrefix, (value) => {
      expect(equalPrefixes(prefix(formatPrefix(value)), value)).toBe(true);
    }),
  );
});

test('contains agrees with net.BlockList', () => {
  fc.assert(
    fc.property(anyPrefix, address, fc.integer({ min: 0, max: 127 }), ({ address: base, length }, other, flipped) => {
      const list = new BlockList();
      list.addSubnet(formatIpv6(base), Math.max(length, 1), 'ipv6');
      const tested = prefixOf(base, Math.max(length, 1));
      for (const candidate of [other, prefixOf((base ^ (1n << BigInt(flipped))) as typeof base, 128).address]) {
        expect(contains(tested, candidate)).toBe(list.check(formatIpv6(candidate), 'ipv6'));
      }
    }),
  );
});

test('prefixes are within each other or apart', () => {
  expect(covers(prefix('fd00::/8'), prefix('fd12::/16'))).toBe(true);
  expect(covers(prefix('fd12::/16'), prefix('fd00::/8'))).toBe(false);
  expect(overlap(prefix('fd12::/16'), prefix('fd00::/8'))).toBe(true);
  expect(overlap(prefix('fd12::/16'), prefix('fd13::/16'))).toBe(false);
  expect(covers(prefix('::/0'), prefix('::/0'))).toBe(true);
});

test('subnets are counted from 0 and end where the prefix does', () => {
  const block = prefix('2001:db8:0:40::/58');
  expect(subnetCount(block, 64)).toBe(64n);
  expect(formatPrefix(subnetAt(block, 1n)!)).toBe('2001:db8:0:41::/64');
  expect(formatPrefix(subnetAt(block, 63n)!)).toBe('2001:db8:0:7f::/64');
  expect(subnetAt(block, 64n)).toBeUndefined();
  expect(subnetAt(block, -1n)).toBeUndefined();
  expect(subnetAt(block, 0n, 56)).toBeUndefined();
  expect(subnetCount(prefix('::/0'), 128)).toBe(1n << 128n);
});
