import { Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import fc from 'fast-check';
import { isIPv6, SocketAddress } from 'node:net';
import { expect, test } from 'vitest';
import { formatIpv6, ipv6FromBigInt, ipv6FromWords, ipv6Words, parseIpv6 } from './ipv6.ts';

test.each([
  ['', 0, 'only 0 of 8 groups'],
  [':', 0, 'a single ":" at the start'],
  [':::', 2, '"::" can stand only once'],
  ['1:2', 3, 'only 2 of 8 groups'],
  ['1:2:3:4:5:6:7:8:9', 17, '9 groups instead of 8'],
  ['1:2:3:4:5:6:7:', 13, 'a single ":" at the end'],
  ['1::2::3', 4, '"::" can stand only once'],
  ['fd00::g', 6, '"g" is not a hexadecimal digit'],
  ['fd00::12345', 6, '"12345" has more than four digits'],
  ['1:2:3:4:5:6:7::8', 0, '"::" stands for nothing beside 8 groups'],
  ['::1.2.3', 2, '"1.2.3" is not a dotted quad at the end'],
  ['::1.2.3.4:5', 2, '"1.2.3.4" is not a dotted quad at the end'],
  ['192.0.2.1', 0, 'it is an IPv4 address'],
  ['fd00:: 1', 6, '" " is not a hexadecimal digit'],
  ['fe80::1%eth0', 7, '"%" is not a hexadecimal digit'],
  ['fd00::1/64', 7, '"/" is not a hexadecimal digit'],
  ['[::1]', 0, '"[" is not a hexadecimal digit'],
])('refuses "%s" at index %i: %s', (text, at, what) => {
  const read = parseIpv6(text);
  if (read.ok) throw new Error('accepted');
  expect(read.problem.code).toBe('address-syntax');
  expect(read.problem.at).toBe(at);
  expect(read.problem.message).toContain(`${what} (character ${at + 1})`);
});

test('a message shows no control characters and stays short', () => {
  const read = parseIpv6(`fd00::\u001b[2J${'x'.repeat(10_000)}`);
  if (read.ok) throw new Error('accepted');
  expect(read.problem.message).not.toContain('\u001b');
  expect(read.problem.message.length).toBeLessThan(200);
});

const word = fc.oneof(fc.constant(0), fc.constant(0xffff), fc.integer({ min: 0, max: 0xffff }));
const address = fc.array(word, { minLength: 8, maxLength: 8 }).map(ipv6FromWords);

/** What people and mutations of it write; most of it is nearly right. */
const nearlyRight = fc.oneof(
  fc.ipV6(),
  address.map(formatIpv6),
  fc.stringMatching(/^[0-9a-fA-F:.]{0,24}$/),
  fc
    .array(fc.constantFrom('0', '1', 'ab', 'FFFF', '::', ':', '.', '1.2.3.4', '00000', '256'), { maxLength: 16 })
    .map((parts) => parts.join('')),
  fc.tuple(address, fc.nat(40), fc.constantFrom(':', '::', '0', '.', 'g', ' ', '')).map(([value, at, inserted]) => {
    const text = formatIpv6(value);
    return text.slice(0, at) + inserted + text.slice(at + 1);
  }),
);

test('accepts what node:net accepts and nothing else', () => {
  fc.assert(
    fc.property(nearlyRight, (text) => {
      expect(parseIpv6(text).ok).toBe(isIPv6(text));
    }),
    { numRuns: 5000 },
  );
});

test('text and value are inverse', () => {
  fc.assert(
    fc.property(address, (value) => {
      expect(parseIpv6(formatIpv6(value))).toEqual({ ok: true, value });
      expect(parseIpv6(formatIpv6(value).toUpperCase())).toEqual({ ok: true, value });
      expect(ipv6FromWords(ipv6Words(value))).toBe(value);
    }),
  );
});

test('reads the same address as ipaddr.js', () => {
  fc.assert(
    fc.property(nearlyRight, (text) => {
      const read = parseIpv6(text);
      // ipaddr.js takes "::1.2.3.4" for "::ffff:1.2.3.4".
      if (!read.ok || /^::[0-9.]+$/.test(text)) return;
      expect(ipv6Words(read.value)).toEqual(ipaddr.IPv6.parse(text).parts);
    }),
    { numRuns: 2000 },
  );
});

test('writes the same text as node:net and ip-address', () => {
  fc.assert(
    fc.property(address, (value) => {
      const text = formatIpv6(value);
      const full = ipv6Words(value)
        .map((part) => part.toString(16))
        .join(':');
      // IPv4-compatible addresses: inet_ntop, which node:net uses, writes a dotted quad for them too, RFC 5952 does not.
      if (value >> 32n !== 0n) expect(new SocketAddress({ address: full, family: 'ipv6' }).address).toBe(text);
      // ip-address writes IPv4-mapped addresses in hexadecimal.
      if (value >> 32n !== 0xffffn) expect(new Address6(full).correctForm()).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test('values of more than 128 bits are a bug of the caller', () => {
  expect(() => ipv6FromBigInt(1n << 128n)).toThrow(RangeError);
  expect(() => ipv6FromBigInt(-1n)).toThrow(RangeError);
});
