import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { addressRanges } from './address-ranges.ts';
import { formatIpv6, ipv6FromWords, parseIpv6 } from './ipv6.ts';
import { formatPrefix, parsePrefix } from './prefix.ts';
import { multicastScope, rangeOf, rangeOfPrefix } from './scope.ts';

function kindOf(text: string): string {
  const read = parseIpv6(text);
  if (!read.ok) throw new Error(read.problem.message);
  return rangeOf(read.value).kind;
}

test.each([
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::2', 'ipv4-compatible'],
  ['::ffff:192.0.2.1', 'ipv4-mapped'],
  ['64:ff9b::192.0.2.1', 'nat64'],
  ['64:ff9b:1::1', 'nat64-local'],
  ['100::1', 'discard'],
  ['100:0:0:1::', 'dummy'],
  ['100:0:0:2::', 'unassigned'],
  ['2001::1', 'teredo'],
  ['2001:1::1', 'anycast-service'],
  ['2001:1::4', 'ietf-protocol'],
  ['2001:200::1', 'global-unicast'],
  ['2001:2::1', 'benchmarking'],
  ['2001:20::1', 'orchid'],
  ['2001:db8:ffff::1', 'documentation'],
  ['2001:db9::1', 'global-unicast'],
  ['3fff:fff::1', 'documentation'],
  ['3fff:1000::1', 'global-unicast'],
  ['2002:cb00:7104::1', '6to4'],
  ['fc00::1', 'unique-local'],
  ['fdff:ffff::1', 'unique-local'],
  ['fe00::1', 'unassigned'],
  ['fe80::1', 'link-local'],
  ['febf::1', 'link-local'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
  ['4000::1', 'unassigned'],
])('%s is %s', (text, kind) => {
  expect(kindOf(text)).toBe(kind);
});

test.each([
  ['fc::/58', 'unassigned'], // 00fc::/58, not unique local
  ['fd12:3456:789a::/48', 'unique-local'],
  ['2001:db8::/32', 'documentation'],
  ['2001:db8::/31', 'global-unicast'],
  ['::/0', 'unassigned'],
  ['fe00::/7', 'unassigned'],
])('the prefix %s is %s', (text, kind) => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  expect(rangeOfPrefix(read.value).kind).toBe(kind);
});

test.each([
  ['ff01::1', 'interface-local'],
  ['ff02::1', 'link-local'],
  ['ff13::1', 'realm-local'],
  ['ff05::2', 'site-local'],
  ['ff08::1', 'organization-local'],
  ['ff3e::1', 'global'],
  ['ff06::1', 'unassigned'],
  ['ff0f::1', 'reserved'],
  ['fe80::1', undefined],
])('multicast scope of %s is %s', (text, scope) => {
  const read = parseIpv6(text);
  if (!read.ok) throw new Error(read.problem.message);
  expect(multicastScope(read.value)).toBe(scope);
});

test('no two entries have the same prefix', () => {
  const prefixes = addressRanges.map((entry) => formatPrefix(entry.prefix));
  expect(new Set(prefixes).size).toBe(prefixes.length);
});

// The names of ipaddr.js; what is not here it does not know, or knows in an older form.
const theirs: Readonly<Record<string, string>> = {
  unspecified: 'unspecified',
  loopback: 'loopback',
  'ipv4-mapped': 'ipv4Mapped',
  nat64: 'rfc6052',
  discard: 'discard',
  teredo: 'teredo',
  '6to4': '6to4',
  'unique-local': 'uniqueLocal',
  'link-local': 'linkLocal',
  multicast: 'multicast',
  'global-unicast': 'unicast',
};

test('agrees with ipaddr.js', () => {
  const near = fc
    .tuple(
      fc.constantFrom(...addressRanges),
      fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }),
    )
    .map(([{ prefix }, words]) => {
      const hostMask = (1n << BigInt(128 - prefix.length)) - 1n;
      return (prefix.address | (ipv6FromWords(words) & hostMask)) as typeof prefix.address;
    });
  fc.assert(
    fc.property(near, (address) => {
      const { kind } = rangeOf(address);
      if (kind in theirs) expect(ipaddr.IPv6.parse(formatIpv6(address)).range()).toBe(theirs[kind]);
    }),
    { numRuns: 2000 },
  );
});
