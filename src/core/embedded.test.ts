import { Address6 } from 'ip-address';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embeddedIn } from './embedded.ts';
import { formatIpv4, ipv4FromNumber } from './ipv4.ts';
import { formatIpv6, ipv6FromBigInt, parseIpv6, type Ipv6Address } from './ipv6.ts';
import { formatMac, macOfInterfaceId } from './mac-address.ts';

function address(text: string): Ipv6Address {
  const read = parseIpv6(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

/** One line for each thing embedded. */
function shown(text: string): string[] {
  return embeddedIn(address(text)).map((entry) => {
    switch (entry.kind) {
      case 'eui64':
        return `eui64 ${formatMac(entry.mac)}`;
      case 'teredo':
        return `teredo ${formatIpv4(entry.server)} ${formatIpv4(entry.client)} ${entry.port}`;
      case 'isatap':
        return `isatap ${formatIpv4(entry.ipv4)} ${entry.unique}`;
      default:
        return `${entry.kind} ${formatIpv4(entry.ipv4)}`;
    }
  });
}

test.each([
  ['2002:cb00:7104::1', ['6to4 203.0.113.4']],
  ['2002:c000:204:1:216:3eff:fe12:3456', ['6to4 192.0.2.4', 'eui64 00:16:3e:12:34:56']],
  ['::ffff:192.0.2.1', ['ipv4-mapped 192.0.2.1']],
  ['::192.0.2.1', ['ipv4-compatible 192.0.2.1']],
  ['64:ff9b::192.0.2.33', ['nat64 192.0.2.33']], // RFC 6052 section 2.4
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', ['teredo 65.54.227.120 192.0.2.45 40000']],
  ['fe80::5efe:192.0.2.143', ['isatap 192.0.2.143 false']],
  ['2001:db8::200:5efe:203.0.113.9', ['isatap 203.0.113.9 true']],
  ['fe80::fcff:ffff:feff:ffff', ['eui64 fe:ff:ff:ff:ff:ff']], // every Xen vif
  ['fd12:3456:789a::3656:78ff:fe9a:bcde', ['eui64 34:56:78:9a:bc:de']], // RFC 4291 appendix A
  ['ff02::1:ff00:1', []],
  ['ff02::216:3eff:fe12:3456', []],
  ['::1', []],
  ['::', []],
  ['2001:db8::1', []],
])('in %s is %j', (text, expected) => {
  expect(shown(text)).toEqual(expected);
});

test('a MAC address comes back from the identifier it made', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 48n) - 1n }), (mac) => {
      const id = ((((mac >> 24n) << 40n) | 0xfffe000000n | (mac & 0xffffffn)) ^ (1n << 57n)) & 0xffff_ffff_ffff_ffffn;
      expect(macOfInterfaceId(id)).toBe(mac);
      expect(formatMac(mac)).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
      expect(BigInt(`0x${formatMac(mac).replaceAll(':', '')}`)).toBe(mac);
    }),
  );
});

test('6to4 and Teredo agree with ip-address', () => {
  const low = fc.bigInt({ min: 0n, max: (1n << 112n) - 1n });
  fc.assert(
    fc.property(low, (bits) => {
      const sixToFour = ipv6FromBigInt((0x2002n << 112n) | bits);
      const theirs = new Address6(formatIpv6(sixToFour)).inspect6to4();
      expect(embeddedIn(sixToFour)[0]).toMatchObject({ kind: '6to4' });
      expect(shown(formatIpv6(sixToFour))[0]).toBe(`6to4 ${theirs.gateway}`);
      const teredo = ipv6FromBigInt((0x2001_0000n << 96n) | (bits & ((1n << 96n) - 1n)));
      const inspected = new Address6(formatIpv6(teredo)).inspectTeredo();
      expect(shown(formatIpv6(teredo))).toEqual([
        `teredo ${inspected.server4} ${inspected.client4} ${inspected.udpPort}`,
      ]);
    }),
  );
});

test('an IPv4 address is the last 32 bits of a mapped one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (number) => {
      const ipv4 = ipv4FromNumber(number);
      expect(embeddedIn(address(`::ffff:${formatIpv4(ipv4)}`))).toEqual([{ kind: 'ipv4-mapped', ipv4 }]);
    }),
  );
});
