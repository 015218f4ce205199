import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ipv6Address } from '../../core/ipv6.ts';
import { contains, prefixOf } from '../../core/prefix.ts';
import { matchBeginning, matchBeginnings, matchNetworks, matchQuickly, networksSet } from './match-networks.ts';
import { prefix } from '../../testing/healthy-host.ts';

test.each([
  ['fd12:3456:789a::/58', '@nh,64,32 0xfd123456'],
  ['fd12:3456::/32', '@nh,64,32 0xfd123456'],
  ['2001:d00::/24', '@nh,64,32 & 0xffffff00 == 0x20010d00'],
  ['2001:db8::/29', '@nh,64,32 & 0xfffffff8 == 0x20010db8'],
  ['fd00::/8', '@nh,64,32 & 0xff000000 == 0xfd000000'],
  ['fc00::/7', '@nh,64,8 & 0xfe == 0xfc'],
])('%s begins as %s', (text, expected) => {
  expect(matchBeginning('saddr', prefix(text))).toBe(expected);
});

test('no address of a prefix is left out by its beginning', () => {
  const addresses = fc.bigInt(0n, (1n << 128n) - 1n);
  fc.assert(
    fc.property(addresses, addresses, fc.integer({ min: 1, max: 64 }), (base, host, length) => {
      const { address } = prefixOf(base as Ipv6Address, length);
      const inside = address | (host & ((1n << BigInt(128 - length)) - 1n));
      expect(contains({ address, length }, inside as Ipv6Address)).toBe(true);
      const match = matchBeginning('daddr', { address, length });
      const [, bits, mask, word] = /^@nh,192,(\d+) (?:& 0x([0-9a-f]+) == )?0x([0-9a-f]+)$/.exec(match)!;
      const value = inside >> BigInt(128 - Number(bits));
      expect(value & (mask === undefined ? value : BigInt(`0x${mask}`))).toBe(BigInt(`0x${word}`));
    }),
  );
});

test('quick comparisons ask for all of a prefix and no more', () => {
  const half = fc.bigInt(0n, (1n << 64n) - 1n);
  fc.assert(
    fc.property(half, half, fc.integer({ min: 9, max: 64 }), fc.boolean(), (base, other, length, near) => {
      const { address } = prefixOf((base << 64n) as Ipv6Address, length);
      const asked = near ? (address >> 64n) ^ (1n << (other % 64n)) : other;
      const matches = [
        ...matchQuickly('saddr', [{ address, length }])[0]!.matchAll(
          /@nh,(64|96),32 (?:& 0x([0-9a-f]+) == )?0x([0-9a-f]+)/g,
        ),
      ].every(([, at, mask = 'ffffffff', word]) => {
        const value = at === '64' ? asked >> 32n : asked & 0xffff_ffffn;
        return (value & BigInt(`0x${mask}`)) === BigInt(`0x${word}`);
      });
      expect(matches).toBe(contains({ address, length }, (asked << 64n) as Ipv6Address));
    }),
  );
  expect(matchQuickly('daddr', [prefix('2001:db8:1:2:3::/80')])).toEqual([
    '@nh,192,32 0x20010db8 ip6 daddr 2001:db8:1:2:3::/80',
  ]);
  expect(matchBeginnings('daddr', [prefix('fd12:3456:1::/48'), prefix('fd12:3456:2::/48')])).toEqual([
    '@nh,192,32 0xfd123456',
  ]);
});

test('many networks are looked up in a set, which is there only then', () => {
  const many = Array.from({ length: 9 }, (_, at) => prefix(`fd${10 + at}::/48`));
  expect(matchNetworks('saddr', many, 'oifname "eth0"')).toEqual(['oifname "eth0" ip6 saddr @networks']);
  expect(networksSet(many)[0]?.elements).toHaveLength(9);
  expect(matchNetworks('saddr', many.slice(1))).toHaveLength(8);
  expect(networksSet(many.slice(1))).toEqual([]);
});
