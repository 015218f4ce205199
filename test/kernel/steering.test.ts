import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config, Network, Uplink } from '../../src/engine/config.ts';
import { compileWanted, nothingWanted } from '../../src/backend/nft/wanted-tables.ts';
import { applySteps } from '../../src/daemon/apply-steps.ts';
import { observeKernel, type Observation } from '../../src/daemon/observe-kernel.ts';
import type { Delegation } from '../../src/engine/delegation.ts';
import { deriveDesired } from '../../src/engine/desired.ts';
import type { WantedState } from '../../src/engine/kernel-state.ts';
import { plan } from '../../src/engine/plan.ts';
import { defaultRouting, routedUplinks } from '../../src/engine/routing.ts';
import { unknownHealth, type UplinkHealth } from '../../src/engine/uplink-health.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { makeNamespace, type Namespace } from './namespace.ts';
import { prefix } from '../../src/testing/healthy-host.ts';

// Real ip, nft and conntrack: routing by source is made, changed, healed and taken away, and what is not ours stays.

let namespace: Namespace;
beforeEach(() => {
  namespace = makeNamespace();
  ip(
    ['link add eth0 type veth peer name peer0', 'link add eth3 type veth peer name peer3'],
    ['eth0', 'peer0', 'eth3', 'peer3'].map((name) => `link set ${name} up`),
    ['addr add 2001:db8:f0::2/64 dev eth0 nodad', 'addr add 2001:db8:f3::2/64 dev eth3 nodad'],
    [
      'route add default via fe80::1 dev eth0 metric 1024 mtu 1480',
      'route add default via fe80::1 dev eth3 metric 2048',
    ],
    // Somebody else's, also at our priority and in our table.
    ['rule add from 2001:db8:99::/48 lookup 77 priority 30002', 'route add 2001:db8:99::/48 dev eth0 table 6601'],
  );
});
afterEach(() => namespace.remove());

const ip = (...groups: readonly (readonly string[])[]): void =>
  void namespace.exec(['ip', '-6', '-batch', '-'], `${groups.flat().join('\n')}\n`);
const show = (...argv: string[]): string[] =>
  namespace
    .exec(['ip', '-6', ...argv])
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '');

const uplinks: readonly Uplink[] = [
  { name: 'fiber', interface: 'eth0', source: { from: 'dhcpcd' } },
  { name: 'lte-1', interface: 'eth3', source: { from: 'dhcpcd' } },
];
const home: Network = { name: 'home', prefix: prefix('fd12:3456:789a::/58'), subnets: [] };
const rest = { mode: 'stateful', hairpin: true, inbound: 'deny', pinholes: [] } as const;
const config: Config = {
  uplinks,
  networks: [home],
  translations: uplinks.map((uplink) => ({ network: home, uplink, ...rest })),
  routing: defaultRouting,
};
const delegations: readonly Delegation[] = [
  ['fiber', '2001:db8:a:aa80::/58'],
  ['lte-1', '2001:db8:b:bb80::/58'],
].map(([uplink, text]) => {
  return { uplink: uplink!, iaid: 0, prefix: prefix(text!), preferredUntil: Infinity, validUntil: Infinity, since: 0 };
});

const observe = (of = config): Promise<Observation> =>
  observeKernel(namespace.processes, [], {
    interfaces: of.uplinks.map((uplink) => uplink.interface),
    tables: routedUplinks(of).map(({ table }) => table),
  });

function wantedOf({ uplinks: links }: Observation, down: readonly string[] = [], of = config): WantedState {
  const health = new Map<string, UplinkHealth>(
    down.map((name) => [name, { ...unknownHealth(0), state: 'down', why: 'no answer' }]),
  );
  return compileWanted(deriveDesired(of, delegations, 1000, [], false, { links, health }));
}

async function reach(choose: (observation: Observation) => WantedState): Promise<string[]> {
  const before = await observe();
  const { steps } = plan(before.state, choose(before), [home.prefix]);
  const applied = await applySteps({ ...systemHost, processes: namespace.processes }, steps);
  expect(applied).toMatchObject({ ok: true, value: { leftovers: [] } });
  const after = await observe();
  expect(plan(after.state, choose(after), [home.prefix])).toEqual({ held: false, steps: [] });
  return steps.map((step) => step.do);
}

const chosen = (): string[] => show('rule').filter((line) => line.startsWith('30002: from fd12'));

test('made, and the second look finds nothing to do', async () => {
  const steps = await reach((seen) => wantedOf(seen));
  expect(steps).toContain('add-rule');
  expect(show('rule')).toEqual([
    '0: from all lookup local',
    '30000: from all fwmark 0x1000000/0xf000000 lookup 6601 proto 66',
    '30000: from all fwmark 0x2000000/0xf000000 lookup 6602 proto 66',
    ...['2001:db8:a:aa80::/58', '2001:db8:b:bb80::/58', '2001:db8:f0::2', '2001:db8:f3::2', 'fd12:3456:789a::/58'].map(
      (source) =>
        expect.stringMatching(`^30001: from ${source} lookup main suppress_prefixlength 0 proto 66$`) as string,
    ),
    '30002: from 2001:db8:99::/48 lookup 77',
    '30002: from fd12:3456:789a::/58 lookup 6601 proto 66',
    '30003: from 2001:db8:a:aa80::/58 lookup 6601 proto 66',
    '30003: from 2001:db8:b:bb80::/58 lookup 6602 proto 66',
    '30003: from 2001:db8:f0::2 lookup 6601 proto 66',
    '30003: from 2001:db8:f3::2 lookup 6602 proto 66',
    '32766: from all lookup main',
  ]);
  expect(show('route', 'show', 'table', '6601')).toEqual([
    '2001:db8:99::/48 dev eth0 metric 1024 pref medium',
    '2001:db8:f0::/64 dev eth0 proto 66 metric 256 pref medium',
    'default via fe80::1 dev eth0 proto 66 metric 1024 mtu 1480 pref medium',
    'unreachable default dev lo proto 66 metric 2147483646 pref medium',
  ]);
});

test('an uplink goes down: the new rule stands before the old one goes, and its flows are told once', async () => {
  await reach((seen) => wantedOf(seen));
  const down = (seen: Observation) => wantedOf(seen, ['fiber']);
  const steps = await reach(down);
  expect(steps).toEqual(['add-rule', 'change-elements', 'remove-rule', 'delete-flows']);
  expect(chosen()).toEqual(['30002: from fd12:3456:789a::/58 lookup 6602 proto 66']);
  expect(await reach(down)).toEqual([]);
  // Back again: no flow is touched.
  expect(await reach((seen) => wantedOf(seen))).toEqual(['add-rule', 'change-elements', 'remove-rule']);
});

test('what others do to it is put right, what they have stays', async () => {
  await reach((seen) => wantedOf(seen));
  ip(['rule del from fd12:3456:789a::/58 lookup 6601 priority 30002', 'route del default table 6601 dev eth0']);
  ip(['rule add from 2001:db8:1::/48 lookup 6601 priority 29999 protocol 66']);
  expect((await reach((seen) => wantedOf(seen))).sort()).toEqual(['add-route', 'add-rule', 'remove-rule']);
  expect(show('rule').filter((line) => line.includes('77'))).toEqual(['30002: from 2001:db8:99::/48 lookup 77']);
});

test('default routes are followed: another gateway, two of them, none', async () => {
  await reach((seen) => wantedOf(seen));
  const defaults = () =>
    show('route', 'show', 'default', 'table', '6601').filter((line) => !line.startsWith('unreachable'));
  ip(['route del default via fe80::1 dev eth0', 'route add default via fe80::9 dev eth0 metric 100']);
  await reach((seen) => wantedOf(seen));
  expect(defaults()).toEqual(['default via fe80::9 dev eth0 proto 66 metric 100 pref medium']);
  ip(['route append default via fe80::8 dev eth0 metric 100']);
  await reach((seen) => wantedOf(seen));
  expect(defaults()).toEqual([
    'default via fe80::9 dev eth0 proto 66 metric 100 pref medium',
    'default via fe80::8 dev eth0 proto 66 metric 101 pref medium',
  ]);
  ip(['route del default via fe80::9 dev eth0', 'route del default via fe80::8 dev eth0']);
  expect((await observe()).uplinks[0]!.condition).toBe('no-route');
  await reach((seen) => wantedOf(seen));
  expect(defaults()).toEqual([]);
  expect(chosen()).toEqual(['30002: from fd12:3456:789a::/58 lookup 6602 proto 66']);
});

test('a default route in a table of somebody else counts as well', async () => {
  ip(['route del default via fe80::1 dev eth3', 'route add default via fe80::7 dev eth3 table 40']);
  await reach((seen) => wantedOf(seen));
  expect(show('route', 'show', 'table', '6602')).toContain(
    'default via fe80::7 dev eth3 proto 66 metric 1024 pref medium',
  );
});

test('cables and interfaces', async () => {
  const conditions = async () => (await observe()).uplinks.map(({ condition }) => condition);
  expect(await conditions()).toEqual(['ready', 'ready']);
  ip(['link set peer0 down', 'link set eth3 down']);
  expect(await conditions()).toEqual(['no-carrier', 'off']);
  ip(['link del eth3']);
  expect(await conditions()).toEqual(['no-carrier', 'missing']);
  await reach((seen) => wantedOf(seen));
});

test('one uplink is taken out of the configuration, then everything', async () => {
  await reach((seen) => wantedOf(seen));
  const { routing: _, ...single } = { ...config, translations: config.translations.slice(0, 1) };
  await reach((seen) => wantedOf(seen, [], single));
  const left = show('rule').filter((line) => line.includes('proto 66'));
  expect(left).toEqual([]);
  expect(show('route', 'show', 'table', '6601')).toEqual(['2001:db8:99::/48 dev eth0 metric 1024 pref medium']);
  await reach((seen) => wantedOf(seen));
  await reach(() => nothingWanted);
  expect(show('rule')).toEqual([
    '0: from all lookup local',
    '30002: from 2001:db8:99::/48 lookup 77',
    '32766: from all lookup main',
  ]);
  expect(show('route', 'show', 'table', 'all', 'proto', '66')).toEqual([]);
});

test('without a choice there is nothing of it', () => {
  const { routing: _, ...single } = { ...config, translations: config.translations.slice(0, 1) };
  const { tables, routes, rules } = wantedOf({ uplinks: [] } as unknown as Observation, [], single);
  expect(rules).toBeUndefined();
  expect(routes.filter((route) => route.includes('table'))).toEqual([]);
  expect(tables.map(({ definition }) => definition).join()).not.toMatch(/mark|astray|given_up/);
});
