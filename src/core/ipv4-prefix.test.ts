import fc from 'fast-check';
import { BlockList } from 'node:net';
import { expect, test } from 'vitest';
import { formatIpv4, ipv4FromNumber } from './ipv4.ts';
import { containsIpv4, formatIpv4Prefix, ipv4PrefixOf, parseIpv4Prefix } from './ipv4-prefix.ts';

test.each([
  ['192.0.2.0', 'prefix-syntax', 9],
  ['192.0.2.0/33', 'prefix-syntax', 9],
  ['192.0.2.0/24/1', 'prefix-syntax', 9],
  ['192.0.2.0/024', 'prefix-syntax', 9],
  ['192.0.2/24', 'address-syntax', 7],
  ['192.0.2.1/24', 'prefix-host-bits', 0],
])('refuses %s', (text, code, at) => {
  const read = parseIpv4Prefix(text);
  if (read.ok) throw new Error('accepted');
  expect(read.problem).toMatchObject({ code, at });
});

test('agrees with net.BlockList, and its text is read back', () => {
  const number = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(number, fc.integer({ min: 0, max: 32 }), number, (base, length, other) => {
      const prefix = ipv4PrefixOf(ipv4FromNumber(base), length);
      expect(parseIpv4Prefix(formatIpv4Prefix(prefix))).toEqual({ ok: true, value: prefix });
      expect(containsIpv4(prefix, ipv4FromNumber(base))).toBe(true);
      if (length === 0) return;
      const list = new BlockList();
      list.addSubnet(formatIpv4(prefix.address), length, 'ipv4');
      for (const candidate of [ipv4FromNumber(other), ipv4FromNumber(base ^ (1 << (other % 32)))]) {
        expect(containsIpv4(prefix, candidate)).toBe(list.check(formatIpv4(candidate), 'ipv4'));
      }
    }),
  );
});
