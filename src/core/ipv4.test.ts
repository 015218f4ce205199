import fc from 'fast-check';
import { isIPv4 } from 'node:net';
import { expect, test } from 'vitest';
import { formatIpv4, ipv4FromNumber, parseIpv4 } from './ipv4.ts';

test('reads four decimal octets', () => {
  expect(parseIpv4('203.0.113.4')).toEqual({ ok: true, value: 0xcb007104 });
  expect(parseIpv4('255.255.255.255')).toEqual({ ok: true, value: 0xffffffff });
});

test.each([
  ['', 0],
  ['1.2.3', 5],
  ['1.2.3.4.5', 7],
  ['1.2.3.256', 6],
  ['1.02.3.4', 2],
  ['1..3.4', 2],
  ['1.2.3.4 ', 7],
  ['0x1.2.3.4', 1],
  ['1.2.3.1234', 6],
])('refuses "%s" at index %i', (text, at) => {
  const read = parseIpv4(text);
  expect(read.ok).toBe(false);
  if (!read.ok) expect(read.problem).toMatchObject({ code: 'address-syntax', at });
});

test('text and value are inverse', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (number) => {
      const address = ipv4FromNumber(number);
      expect(parseIpv4(formatIpv4(address))).toEqual({ ok: true, value: address });
    }),
  );
});

test('accepts what node:net accepts and nothing else', () => {
  const text = fc.stringMatching(/^[0-9.x]{0,16}$/);
  fc.assert(
    fc.property(fc.oneof(text, fc.ipV4(), fc.ipV4Extended()), (given) => {
      expect(parseIpv4(given).ok).toBe(isIPv4(given));
    }),
    { numRuns: 2000 },
  );
});
