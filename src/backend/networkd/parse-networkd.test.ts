import { describe, expect, test } from 'vitest';
import { formatPrefix } from '../../core/prefix.ts';
import type { ReportedPrefix } from '../../engine/delegation.ts';
import { deriveNetworkdUplink } from './networkd-uplink.ts';
import { parseNetworkd } from './parse-networkd.ts';

// As 252 and 257 print it, without the keys that are not read; the uptime was 11857.
const bytes = (site: number, low: number): number[] =>
  [32, 1, 13, 184, 0, site, 170 + (site - 10) * 17, low].concat(Array(8).fill(0));
const route = (site: number, until?: number) => ({
  Family: 10,
  Destination: bytes(site, 128),
  DestinationPrefixLength: 58,
  Protocol: 16,
  Type: 7,
  TypeString: 'unreachable',
  ...(until !== undefined && { LifetimeUSec: until }),
  ConfigSource: 'DHCPv6',
  ConfigState: 'configured',
});
const link = (client?: object, state = 'configured', name = 'eth0') => ({
  Index: 2,
  Name: name,
  AdministrativeState: state,
  ...(client && { DHCPv6Client: client }),
});
const lease = { Timeout1USec: 12_070_894_149, LeaseTimestampUSec: 12_050_894_149 };
const delegated = (site: number) => ({
  Prefix: bytes(site, 128),
  PrefixLength: 58,
  PreferredLifetimeUSec: 11_917_000_000,
  ValidLifetimeUSec: 11_977_000_000,
});
const uptime = 11_857;

function derive(links: readonly object[], routes: readonly object[] = [], alone = true) {
  const state = parseNetworkd(JSON.stringify({ Interfaces: links, Routes: routes }), uptime);
  if (!state.known) throw new Error(state.why);
  return deriveNetworkdUplink(state.value, 'eth0', alone);
}
const show = ({ prefix, preferredLifetime, validLifetime }: ReportedPrefix): string =>
  `${formatPrefix(prefix)} ${preferredLifetime} ${validLifetime}`;
function shown(...of: Parameters<typeof derive>): string[] {
  const derived = derive(...of);
  if (!derived.ok) return [derived.problem.code];
  const { prefixes, empty } = derived.value;
  return prefixes.length > 0 ? prefixes.map(show) : [JSON.stringify(empty).replaceAll('"', '')];
}

describe('252: routes alone', () => {
  test('the prefix, with its valid lifetime', () => {
    expect(shown([link()], [route(10, 11_963_000_000)])).toEqual(['2001:db8:a:aa80::/58 106 106']);
    expect(shown([link()], [route(10)])).toEqual(['2001:db8:a:aa80::/58 4294967295 4294967295']);
  });
  test('two: the one whose deadline was moved last is preferred', () => {
    expect(shown([link()], [route(10, 11_900_000_000), route(11, 11_963_000_000)])).toEqual([
      '2001:db8:a:aa80::/58 0 43',
      '2001:db8:b:bb80::/58 106 106',
    ]);
  });
  test('routes of others do not count', () => {
    const other = { ...route(10, 11_963_000_000), ConfigSource: 'static' };
    expect(shown([link()], [other])).toEqual(['hold']);
    expect(shown([link()], [{ ...route(10), TypeString: 'unicast' }])).toEqual(['hold']);
  });
  test('with two uplinks nobody can say whose it is', () => {
    expect(shown([link()], [route(10, 11_963_000_000)], false)).toEqual(['client-missing']);
    expect(shown([link()], [], false)).toEqual(['hold']);
  });
});

describe('257: the client tells', () => {
  test('prefixes with both lifetimes', () => {
    const client = { Lease: lease, Prefixes: [delegated(10)], DUID: [0, 2] };
    expect(shown([link(client)], [route(10, 11_977_000_000)])).toEqual(['2001:db8:a:aa80::/58 60 120']);
    expect(shown([link(client)], [route(10, 11_977_000_000)], false)).toEqual(['2001:db8:a:aa80::/58 60 120']);
  });
  test('a route beside them is an old one', () => {
    const client = { Lease: lease, Prefixes: [delegated(11)] };
    expect(shown([link(client)], [route(10, 11_900_000_000)])).toEqual([
      '2001:db8:b:bb80::/58 60 120',
      '2001:db8:a:aa80::/58 0 43',
    ]);
  });
  test('no lease: hold. A lease without a prefix: given up', () => {
    expect(shown([link({ DUID: [0, 2] })])).toEqual(['hold']);
    expect(shown([link({ Lease: lease })])).toEqual(['release']);
  });
});

test('what cannot be used is refused, and nothing is taken for given up', () => {
  const ula = { ...delegated(10), Prefix: [253, 0].concat(Array(14).fill(0)) };
  const derived = derive([link({ Lease: lease, Prefixes: [ula] })]);
  expect(derived).toMatchObject({
    ok: true,
    value: { prefixes: [], refused: [{ code: 'delegation-refused' }], empty: 'hold' },
  });
});

test.each([
  ['unmanaged', [link(undefined, 'unmanaged')]],
  ['failed', [link(undefined, 'failed')]],
  ['no such interface', [link(undefined, 'configured', 'eth1')]],
])('networkd does not serve it: %s', (_, links) => {
  expect(shown(links)).toEqual(['client-missing']);
});

test.each(['', '{', '[]', 'null', '{"Interfaces":{}}', '{"Interfaces":[null]}'])('unknown: %j', (text) => {
  expect(parseNetworkd(text, uptime).known).toBe(false);
});

test.each([[[1, 2, 3]], ['2001:db8::'], [Array(16).fill(256)]])('a prefix that is none: %j', (bad) => {
  const client = { Prefixes: [{ ...delegated(10), Prefix: bad }] };
  expect(parseNetworkd(JSON.stringify({ Interfaces: [link(client)] }), uptime).known).toBe(false);
});
