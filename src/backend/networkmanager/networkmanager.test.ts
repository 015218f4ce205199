import { describe, expect, test } from 'vitest';
import { formatPrefix } from '../../core/prefix.ts';
import type { Delegation } from '../../engine/delegation.ts';
import { homeDelegation, now } from '../../testing/healthy-host.ts';
import { deriveNetworkManagerUplink, type NetworkManagerReading } from './networkmanager-uplink.ts';
import { parseNetworkManager } from './parse-networkmanager.ts';

// What nmcli of Debian 12 and 13 printed in the lab.
const of142 = '100 (connected)\ndhcp6_client_id = 00:04:22:3e:0a | iaid = 2b:50:67:35\n';
const of152 = `${of142.trimEnd()} | ip6_prefix = 2001:db8:a:aa80::/58\n`;

const read = (text: string) => {
  const parsed = parseNetworkManager(text);
  if (!parsed.known) return parsed.why;
  const { state, prefixes } = parsed.value;
  return { state, prefixes: prefixes?.map(formatPrefix) };
};

test('what nmcli prints', () => {
  expect(read(of142)).toEqual({ state: 100, prefixes: undefined });
  expect(read(of152)).toEqual({ state: 100, prefixes: ['2001:db8:a:aa80::/58'] });
  expect(read('10 (unmanaged)\n\n')).toEqual({ state: 10, prefixes: undefined });
  expect(read(of152.replace('/58', '/58 2001:db8:b::/60'))).toMatchObject({
    prefixes: ['2001:db8:a:aa80::/58', '2001:db8:b::/60'],
  });
});

test.each([
  '',
  'Error: NetworkManager is not running.\n',
  of152.replace('aa80::', 'aa81::'),
  of152.replace('::/58', ''),
])('not understood: %j', (text) => {
  expect(read(text)).toMatch(/was not understood/);
});

const address = (local: string, valid = 3600) => ({
  local,
  prefixlen: 64,
  valid_life_time: valid,
  preferred_life_time: valid / 2,
});
const links = (...addresses: object[]): string => JSON.stringify([{ ifname: 'pd0', addr_info: addresses }]);

describe('what it holds', () => {
  const derive = (text: string, change: Partial<NetworkManagerReading> = {}, source = {}) => {
    const device = parseNetworkManager(text);
    if (!device.known) throw new Error(device.why);
    const addresses = links(address('2001:db8:a:aa80::1'));
    const reading = { device: device.value, allAddresses: addresses, sharedAddresses: addresses, held: [], now };
    const derived = deriveNetworkManagerUplink({ interface: 'eth0', ...source }, { ...reading, ...change });
    if (!derived.ok) return derived.problem.message;
    return derived.value.prefixes.map(
      (each) => `${formatPrefix(each.prefix)} ${each.preferredLifetime} ${each.validLifetime}`,
    );
  };

  test('a named prefix has the lifetimes of an address in it', () => {
    expect(derive(of152)).toEqual(['2001:db8:a:aa80::/58 1800 3600']);
  });
  test('without such an address it keeps those that are known, and is none yet where none are', () => {
    expect(derive(of152, { allAddresses: links() })).toEqual([]);
    const held: Delegation = { ...homeDelegation, preferredUntil: now + 5000, validUntil: now + 9000 };
    expect(derive(of152, { allAddresses: links(), held: [held] })).toEqual(['2001:db8:a:aa80::/58 5 9']);
  });
  test('one that is not named is read off the shared interface, where its length is known', () => {
    expect(derive(of142, {}, { of: 'pd0', length: 58 })).toEqual(['2001:db8:a:aa80::/58 1800 3600']);
    expect(derive(of142, {}, { of: 'pd0' })).toEqual([]);
    expect(derive(of142)).toEqual([]);
  });
  test('the size that is named goes before the one in the configuration', () => {
    expect(derive(of152, {}, { of: 'pd0', length: 56 })).toEqual(['2001:db8:a:aa80::/58 1800 3600']);
  });
  test('an interface that it does not manage', () => {
    expect(derive('10 (unmanaged)\n\n')).toBe('NetworkManager does not manage eth0');
  });
  test('a unique local address is no delegation', () => {
    const own = links(address('fd12:3456:789a::1'));
    expect(derive(of142, { sharedAddresses: own }, { of: 'pd0', length: 58 })).toEqual([]);
  });
});
