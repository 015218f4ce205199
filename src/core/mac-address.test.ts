import { describe, expect, test } from 'vitest';
import { duidOfMac } from './duid.ts';
import { formatMac, parseMac } from './mac-address.ts';

describe('MAC addresses', () => {
  test.each(['02:00:5e:10:20:30', '02-00-5E-10-20-30'])('%s is read', (text) => {
    const mac = parseMac(text);
    expect(mac.ok && formatMac(mac.value)).toBe('02:00:5e:10:20:30');
  });

  test.each([
    ['', 'is not a MAC address'],
    ['02:00:5e:10:20', 'is not a MAC address'],
    ['02:00:5e:10:20:30:40', 'is not a MAC address'],
    ['02:00-5e:10:20:30', 'is not a MAC address'],
    ['2:0:5e:10:20:30', 'is not a MAC address'],
    ['02:00:5e:10:20:30; reboot', 'is not a MAC address'],
    ['00:00:00:00:00:00', 'is the address of nobody'],
    ['03:00:5e:10:20:30', 'is the address of a group'],
    ['ff:ff:ff:ff:ff:ff', 'is the address of a group'],
  ])('%j: %s', (text, message) => {
    const read = parseMac(text);
    expect(read.ok ? '' : read.problem.message).toContain(message);
  });

  test('RFC 8415 section 11.4: type 3, hardware type 1, the address', () => {
    expect(duidOfMac(0x02005e102030n)).toBe('00:03:00:01:02:00:5e:10:20:30');
  });
});
