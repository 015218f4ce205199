import fc from 'fast-check';
import { isIPv6 } from 'node:net';
import { expect, test } from 'vitest';
import { formatZonedAddress, parseZonedAddress } from './zoned-address.ts';

test.each([
  ['FE80::1%eth0', 'fe80::1%eth0'],
  ['fe80::1%3', 'fe80::1%3'],
  ['fe80::1%br-lan.7', 'fe80::1%br-lan.7'],
  ['ff02:0::1%Wan_1', 'ff02::1%Wan_1'],
  ['fd00::1', 'fd00::1'],
])('%s is %s', (text, canonical) => {
  const read = parseZonedAddress(text);
  if (!read.ok) throw new Error(read.problem.message);
  expect(formatZonedAddress(read.value)).toBe(canonical);
});

test.each([
  ['fe80::1%', 8, 'no zone after "%"'],
  ['fe80::1%eth 0', 11, '" " cannot be in a zone'],
  ['fe80::1%a/64', 9, '"/" cannot be in a zone'],
  ['fe80::1%a%b', 9, '"%" cannot be in a zone'],
  ['fe80::1%a\n', 9, String.raw`"\u{a}" cannot be in a zone`],
  ['fe80:1%eth0', 6, 'only 2 of 8 groups'],
])('refuses "%s" at index %i', (text, at, what) => {
  const read = parseZonedAddress(text);
  if (read.ok) throw new Error('accepted');
  expect(read.problem).toMatchObject({ code: 'address-syntax', at });
  expect(read.problem.message).toContain(what);
});

test('accepts no zone that node:net refuses', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 6 }), (zone) => {
      const text = `fe80::1%${zone}`;
      if (parseZonedAddress(text).ok && /^[0-9a-zA-Z.:-]+$/.test(zone)) expect(isIPv6(text)).toBe(true);
      if (/[/%\s]/.test(zone)) expect(parseZonedAddress(text).ok).toBe(false);
    }),
  );
});
