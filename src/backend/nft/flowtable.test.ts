import { expect, test } from 'vitest';
import { deriveDesired } from '../../engine/desired.ts';
import type { FlowtableAnswer } from '../../engine/offload.ts';
import { plan } from '../../engine/plan.ts';
import { nothingSeen } from '../../engine/steering.ts';
import { homeConfig, homeDelegation, now } from '../../testing/healthy-host.ts';
import { compileScript } from './compile-script.ts';
import { findOffloaded } from './flowtable.ts';
import { compileWanted } from './wanted-tables.ts';

const config = {
  ...homeConfig,
  translations: homeConfig.translations.map((translation) => ({ ...translation, offload: true })),
};
const wantedWith = (present: readonly string[], flowtables: FlowtableAnswer = { taken: true }) =>
  compileWanted(
    deriveDesired(config, [homeDelegation], now, [], false, { ...nothingSeen, offload: { flowtables, present } }),
  );
const inside = config.networks.map(({ prefix }) => prefix);
const stepsFrom = (before: readonly string[], after: readonly string[]) =>
  plan({ known: true, value: wantedWith(before) }, wantedWith(after), inside).steps;

test('an interface comes: it is added, and nothing else is touched', () => {
  const steps = stepsFrom(['eth0'], ['eth0', 'eth1', 'eth2']);
  expect(steps.map(({ because }) => because)).toEqual(['established flows pass by the rules on eth1, eth2 too']);
  expect(compileScript(steps)).toBe(
    'add flowtable ip6 sixgate fast { hook ingress priority 0; devices = { "eth1", "eth2" }; counter; }\n',
  );
});

test('one goes out of the configuration: it is taken out', () => {
  const steps = stepsFrom(['eth0', 'eth1'], ['eth0']);
  expect(steps.map(({ because }) => because)).toEqual(['no flows pass by the rules on eth1 any longer']);
  expect(compileScript(steps)).toBe(
    'delete flowtable ip6 sixgate fast { hook ingress priority 0; devices = { "eth1" }; counter; }\n',
  );
});

test('none is there: the flowtable waits for them without one', () => {
  const { definition } = wantedWith([]).tables.find(({ key }) => key === 'ip6 sixgate')!;
  expect(definition).toContain('flowtable fast { hook ingress priority 0; counter; }');
});

test('what is handed over has been translated to what the uplink serves, and has passed every other chain', () => {
  const { definition, structure } = wantedWith(['eth0']).tables.find(({ key }) => key === 'ip6 sixgate')!;
  expect(structure).toContain('chain hand_over: filter forward 2147483647 accept');
  const rules = definition.split('\n').filter((line) => line.includes('flow add'));
  // The whole network is mapped as it is, or each of its /64s: both are in sets of their own.
  const sets = ['@outside_dsl', '& ffff:ffff:ffff:ffff:: @outside64_dsl'];
  const start = 'oifname "eth0" meta l4proto { tcp, udp } ct state established';
  expect(rules.map((line) => line.trim().replace(/ comment .*/, '')).toSorted()).toEqual(
    [
      ...sets.map((set) => `${start} ct status snat ct reply ip6 daddr ${set} flow add @fast`),
      ...sets.map((set) => `${start} ct status dnat ct original ip6 daddr ${set} flow add @fast`),
    ].toSorted(),
  );
});

test('what is found is what was made; without it there is nothing of it in the table', () => {
  expect(findOffloaded(wantedWith(['eth0', 'eth2']).tables)).toEqual(['eth0', 'eth2']);
  const without = wantedWith(['eth0'], { taken: false, why: '' }).tables;
  expect(findOffloaded(without)).toBeUndefined();
  expect(without.map(({ definition }) => definition).join()).not.toContain('flow add');
});
