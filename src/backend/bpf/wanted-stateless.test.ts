import { expect, test } from 'vitest';
import type { Config } from '../../engine/config.ts';
import { deriveDesired } from '../../engine/desired.ts';
import { mappingsInForce } from '../../engine/mappings-in-force.ts';
import type { Link } from '../../engine/stateless.ts';
import { traceAddress } from '../../engine/trace-address.ts';
import { homeConfig, homeDelegation, now, prefix } from '../../testing/healthy-host.ts';
import { parseIpv6 } from '../../core/ipv6.ts';
import { compileWanted } from '../nft/wanted-tables.ts';
import type { Machine } from './wanted-stateless.ts';

const address = (text: string) => {
  const read = parseIpv6(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};
const config: Config = {
  ...homeConfig,
  translations: homeConfig.translations.map((translation) => ({ ...translation, mode: 'rfc6296' })),
};
const uplink = config.uplinks[0]!.interface;
const link: Link = {
  name: uplink,
  index: 3,
  header: 14,
  up: true,
  carrier: true,
  alias: null,
  addresses: [],
  sources: [],
};
const machine = (changes: Partial<Link> = {}, object = 'cafe'): Machine => ({
  links: [{ ...link, ...changes }],
  object,
});
const wanted = (on: Machine, delegation = homeDelegation) =>
  compileWanted(deriveDesired(config, [delegation], now), on);
const names = (on: Machine, delegation = homeDelegation) =>
  wanted(on, delegation).stateless!.programs.map(({ name }) => name);

test('a detour and three programs, a route for the hairpin, and a way into the detour that the guard knows', () => {
  const { stateless, routes, tables } = wanted(machine());
  expect(stateless?.detours).toMatchObject([{ name: `six-${uplink}`, uplink, ready: true }]);
  expect(stateless?.programs.map(({ device, hook, content }) => `${device} ${hook} ${content.direction}`)).toEqual([
    `${uplink} ingress inbound`,
    `six-${uplink} egress outbound`,
    `${uplink} egress outbound`,
  ]);
  expect(routes).toContain(`2001:db8:a:aa80::/58 dev six-${uplink}`);
  expect(tables.map(({ key }) => key)).toEqual(['inet sixgate_guard', 'netdev sixgate_guard', 'ip6 sixgate']);
  expect(tables[0]!.definition).toContain(`oif ${link.index} accept`);
});

test.each([
  ['the interface is not there', { links: [], object: 'cafe' }],
  ['the program was not built', { links: [link], object: undefined }],
])('%s: nothing may pass, and no way into a detour is wanted', (_why, on) => {
  const { stateless, routes, tables } = wanted(on);
  expect(stateless).toMatchObject({ detours: [], programs: [] });
  expect(routes.filter((route) => route.includes(' dev '))).toEqual([]);
  expect(tables.map(({ key }) => key)).toEqual(['inet sixgate_guard', 'ip6 sixgate']);
  expect(tables[0]!.definition).not.toMatch(/\boif \d+ accept/);
});

test('the name of a program changes with everything that is in it, and with nothing else', () => {
  const before = names(machine());
  expect(names(machine({ up: false, alias: 'x', addresses: [address('2001:db8:1::1')] }))).toEqual(before);
  const changed = (on: Machine, delegation = homeDelegation) =>
    names(on, delegation).map((name, index) => name !== before[index]);
  expect(changed(machine({ header: 0 }))).toEqual([true, true, true]);
  expect(changed(machine({}, 'beef'))).toEqual([true, true, true]);
  expect(changed(machine(), { ...homeDelegation, prefix: prefix('2001:db8:c:cc80::/58') })).toEqual([true, true, true]);
  // Only the one on the detour knows the uplink's index.
  expect(changed(machine({ index: 4 }))).toEqual([false, true, false]);
  // An address of the router's own within the delegation.
  expect(changed(machine({ addresses: [address('2001:db8:a:aa80::7')] }))).toEqual([true, true, false]);
});

test('a mapping is in force only where every program is the wanted one', () => {
  const state = wanted(machine());
  const inForce = (programs = state.stateless!.programs.slice()) =>
    mappingsInForce({ ...state, stateless: { detours: [], programs } }, state).length;
  expect(inForce()).toBe(1);
  expect(inForce(state.stateless!.programs.slice(1))).toBe(0);
  expect(inForce(state.stateless!.programs.map((each) => ({ ...each, name: 'sixgate-0.o:[tc/inbound]' })))).toBe(0);
});

test('a trace tells the addresses of RFC 6296, and why there is none', () => {
  const { mappings } = deriveDesired(config, [homeDelegation], now);
  const trace = (text: string) =>
    traceAddress(address(text), config, mappings).map(({ becomes, because }) => becomes ?? because);
  expect(trace('fd12:3456:789a::10')[0]).toBe('2001:db8:a:aa80:d1bf::10');
  expect(trace('2001:db8:a:aa80:d1bf::10')).toContain('fd12:3456:789a::10');
  expect(trace('fd12:3456:789a::')[0]).toMatch(/all zeros .*: rejected on/);
  expect(trace('2001:db8:a:aa80::')[0]).toMatch(/all zeros .*: dropped on/);
});
