import { expect, test } from 'vitest';
import { formatPrefix } from '../../core/prefix.ts';
import { parseAddressPrefixes } from './parse-address-prefixes.ts';

// As iproute2 6.1 prints it, without what is not read.
const address = (local: string, valid: number, preferred: number, more = {}) => ({
  family: 'inet6',
  local,
  prefixlen: 64,
  scope: 'global',
  ...more,
  valid_life_time: valid,
  preferred_life_time: preferred,
});
function prefixes(addresses: readonly object[], length = 64): string[] {
  const read = parseAddressPrefixes(JSON.stringify([{ addr_info: addresses }]), 'eth0', length);
  if (!read.known) throw new Error(read.why);
  return read.value.map((each) => `${formatPrefix(each.prefix)} ${each.preferredLifetime} ${each.validLifetime}`);
}

test('one prefix of two addresses, with the longer lifetimes', () => {
  const two = [address('2001:db8:a::1', 100, 50), address('2001:db8:a::2', 7200, 3600)];
  expect(prefixes(two)).toEqual(['2001:db8:a::/64 3600 7200']);
  expect(prefixes([address('2001:db8:a:aa81::1', 4294967295, 4294967295)], 58)).toEqual([
    '2001:db8:a:aa80::/58 4294967295 4294967295',
  ]);
});

test('left out: ULA, temporary, tentative, duplicate, of another scope', () => {
  const others = [
    address('fd00::1', 100, 50),
    address('2001:db8:b::1', 100, 50, { temporary: true }),
    address('2001:db8:c::1', 100, 50, { tentative: true }),
    address('2001:db8:d::1', 100, 50, { dadfailed: true }),
    {},
  ];
  expect(prefixes(others)).toEqual([]);
});

test('nothing there is known, what is no answer is not', () => {
  expect(parseAddressPrefixes('[{}]', 'eth0', 64)).toEqual({ known: true, value: [] });
  for (const text of [
    '',
    '{}',
    '[null]',
    '[{"addr_info":[{"local":"x"}]}]',
    '[{"addr_info":[{"local":"2001:db8::1"}]}]',
  ]) {
    expect(parseAddressPrefixes(text, 'eth0', 64).known).toBe(false);
  }
});
