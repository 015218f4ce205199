import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatIpv6, ipv6FromBigInt } from './ipv6.ts';
import { isLinkLocal, linkLocalOfMac } from './link-local.ts';
import { macOfInterfaceId } from './mac-address.ts';

test('of a Xen guest and of the backend, as Linux makes them', () => {
  expect(formatIpv6(linkLocalOfMac(0x00163e123456n))).toBe('fe80::216:3eff:fe12:3456');
  expect(formatIpv6(linkLocalOfMac(0xfeffffffffffn))).toBe('fe80::fcff:ffff:feff:ffff');
});

test('the MAC address can be read from it again', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 48n) - 1n }), (mac) => {
      const address = linkLocalOfMac(mac);
      expect(isLinkLocal(address)).toBe(true);
      expect(macOfInterfaceId(address & 0xffff_ffff_ffff_ffffn)).toBe(mac);
    }),
  );
});

test('fe80::/10 and nothing else', () => {
  for (const [address, is] of [
    [0xfe7f, false],
    [0xfe80, true],
    [0xfebf, true],
    [0xfec0, false],
  ] as const) {
    expect(isLinkLocal(ipv6FromBigInt(BigInt(address) << 112n))).toBe(is);
  }
});
