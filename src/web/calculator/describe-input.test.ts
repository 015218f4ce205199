import { expect, test } from 'vitest';
import { describeInput } from './describe-input.ts';

const facts = (text: string): Record<string, string> => {
  const read = describeInput(text);
  return read.ok
    ? Object.fromEntries(read.value.rows.map(({ name, text }) => [name, text]))
    : { problem: read.problem.message };
};

test('an address', () => {
  expect(facts('2002:CB00:7104:0:21c:42ff:fe00:8')).toEqual({
    'Canonical (RFC 5952)': '2002:cb00:7104:0:21c:42ff:fe00:8',
    'Written out': '2002:cb00:7104:0000:021c:42ff:fe00:0008',
    'What it is': '6to4 (RFC 3056, 2002::/16)',
    'Crosses the Internet': 'that depends on the address',
    Embedded: 'MAC address 00:1c:42:00:00:08 (modified EUI-64)',
    'Name for reverse DNS': '8.0.0.0.0.0.e.f.f.f.2.4.c.1.2.0.0.0.0.0.4.0.1.7.0.0.b.c.2.0.0.2.ip6.arpa',
  });
});

test('a prefix', () => {
  expect(facts('2001:db8:a:aa80::/58')).toMatchObject({
    From: '2001:db8:a:aa80::',
    To: '2001:db8:a:aabf:ffff:ffff:ffff:ffff',
    Holds: '64 subnets of /64',
    'Name for reverse DNS': 'a.a.a.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
  });
  expect(facts('fd00::1/48')['Its prefix']).toBe('fd00::/48');
});

test('what is wrong, in the words of sixgate address', () => {
  expect(facts('2001:db8::g').problem).toBe(
    '"2001:db8::g" is not an IPv6 address: "g" is not a hexadecimal digit (character 11)',
  );
});
