import { expect, test } from 'vitest';
import { bytesOfDuid, describeDuid, duidOfMac, parseDuid, randomDuid, timedDuid } from './duid.ts';

const mac = 0x02005e100001n;

test('RFC 9915 section 11: the four kinds', () => {
  expect(duidOfMac(mac)).toBe('00:03:00:01:02:00:5e:10:00:01');
  // The seconds since 2000-01-01 of 2026-11-23T10:00:00Z.
  expect(timedDuid(mac, Date.UTC(2026, 10, 23, 10))).toBe('00:01:00:01:32:96:cb:20:02:00:5e:10:00:01');
  expect(randomDuid(new Uint8Array(16).fill(0xff))).toBe('00:04:ff:ff:ff:ff:ff:ff:4f:ff:bf:ff:ff:ff:ff:ff:ff:ff');
  expect(describeDuid(duidOfMac(mac))).toBe('00:03:00:01:02:00:5e:10:00:01 (DUID-LL)');
  const enterprise = parseDuid('00:02:00:00:ab:11:f0:42');
  expect(enterprise.ok && describeDuid(enterprise.value)).toBe('00:02:00:00:ab:11:f0:42 (DUID-EN)');
});

test('the clock of a router that was never set is no reason for another length', () => {
  expect(timedDuid(mac, 0)).toBe('00:01:00:01:00:00:00:00:02:00:5e:10:00:01');
});

test.each([
  ['00:03:00:01:02:00:5e:10:00:01', '00:03:00:01:02:00:5e:10:00:01'],
  ['00-03-00-01-02-00-5E-10-00-01', '00:03:00:01:02:00:5e:10:00:01'],
  ['0003000102005e100001', '00:03:00:01:02:00:5e:10:00:01'],
  ['0:3:0:1:2:0:5e:10:0:1', '00:03:00:01:02:00:5e:10:00:01'],
])('%s is read', (text, duid) => {
  expect(parseDuid(text)).toEqual({ ok: true, value: duid });
});

test.each([
  ['', '"" is not a DUID: it has 0 bytes, not 3 to 130'],
  ['00:03', '"00:03" is not a DUID: it has 2 bytes, not 3 to 130'],
  ['00:03-01', '"00:03-01" is not a DUID: it is not bytes in hexadecimal digits'],
  ['eth0', '"eth0" is not a DUID: it is not bytes in hexadecimal digits'],
  ['000', '"000" is not a DUID: it is not bytes in hexadecimal digits'],
])('%j is refused', (text, message) => {
  expect(parseDuid(text)).toMatchObject({ ok: false, problem: { code: 'duid-syntax', message } });
});

test('131 bytes are one too many', () => {
  expect(parseDuid('00'.repeat(131)).ok).toBe(false);
  const longest = parseDuid('00'.repeat(130));
  expect(longest.ok && bytesOfDuid(longest.value)).toHaveLength(130);
});
