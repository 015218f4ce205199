import { expect, test } from 'vitest';
import { formatIpv6, parseIpv6 } from './ipv6.ts';

function canonical(text: string): string {
  const read = parseIpv6(text);
  if (!read.ok) throw new Error(read.problem.message);
  return formatIpv6(read.value);
}

// [section, what is written, its canonical form]
const examples: [string, string, string][] = [
  ['1', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1', '2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1', '2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
  ['1', '2001:db8::0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1', '2001:0db8::1:0:0:1', '2001:db8::1:0:0:1'],
  ['1', '2001:db8:0:0:1::1', '2001:db8::1:0:0:1'],
  ['1', '2001:db8:0000:0:1::1', '2001:db8::1:0:0:1'],
  ['1', '2001:DB8:0:0:1::1', '2001:db8::1:0:0:1'],
  ['2.1', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
  ['2.1', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
  ['2.1', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:01', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
  ['2.2', '2001:db8:aaaa:bbbb:cccc:dddd::1', '2001:db8:aaaa:bbbb:cccc:dddd:0:1'],
  ['2.2', '2001:db8:0:0:0::1', '2001:db8::1'],
  ['2.2', '2001:db8:0:0::1', '2001:db8::1'],
  ['2.2', '2001:db8:0::1', '2001:db8::1'],
  ['2.2', '2001:db8::1', '2001:db8::1'],
  ['2.2', '2001:db8::aaaa:0:0:1', '2001:db8::aaaa:0:0:1'],
  ['2.2', '2001:db8:0:0:aaaa::1', '2001:db8::aaaa:0:0:1'],
  ['2.3', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:AaAa', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa'],
  ['4.1', '2001:0db8::0001', '2001:db8::1'],
  ['4.2.1', '2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
  ['4.2.2', '2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['4.2.3', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['4.2.3', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['4.3', '2001:DB8::ABCD', '2001:db8::abcd'],
  ['5', '::ffff:c000:0201', '::ffff:192.0.2.1'],
  ['5', '0:0:0:0:0:ffff:192.0.2.1', '::ffff:192.0.2.1'],
];

test.each(examples)('section %s: %s is %s', (_section, written, expected) => {
  expect(canonical(written)).toBe(expected);
});

test('the ends and the whole can be zeros', () => {
  expect(canonical('0:0:0:0:0:0:0:0')).toBe('::');
  expect(canonical('0:0:0:0:0:0:0:1')).toBe('::1');
  expect(canonical('1:0:0:0:0:0:0:0')).toBe('1::');
  expect(canonical('1:2:3:4:5:6:7::')).toBe('1:2:3:4:5:6:7:0');
});

test('only the IPv4-mapped prefix ends in a dotted quad', () => {
  expect(canonical('::192.0.2.1')).toBe('::c000:201');
  expect(canonical('64:ff9b::192.0.2.33')).toBe('64:ff9b::c000:221');
});
