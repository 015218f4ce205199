import { expect, test } from 'vitest';
import type { Config } from '../../engine/config.ts';
import { homeConfig } from '../../testing/healthy-host.ts';
import { deriveDetour } from '../bpf/detours.ts';
import { guardTable } from './guard-table.ts';
import { heldGuardTable } from './held-guard-table.ts';
import type { Table } from './table.ts';

const { interface: uplink } = homeConfig.uplinks[0]!;
const withMode = (mode: 'stateful' | 'rfc6296'): Config => ({
  ...homeConfig,
  translations: homeConfig.translations.map((translation) => ({ ...translation, mode })),
});
const none: Config = { ...homeConfig, translations: [] };
const mixed: Config = {
  ...withMode('rfc6296'),
  uplinks: [...homeConfig.uplinks, { ...homeConfig.uplinks[0]!, name: 'spare', interface: 'eth9' }],
};
const detours = [{ ...deriveDetour(uplink), uplinkIndex: 3 }];
const hooks = ({ chains }: Table): string[] => chains.map(({ hook }) => `${hook!.hook} ${hook!.priority}`);

// What each packet passes is what costs: docs/performance.md.
test.each([
  ['without translation', none, ['postrouting 300', 'prerouting -300'], ['postrouting 299', 'prerouting -300']],
  ['stateful', withMode('stateful'), ['postrouting 300', 'prerouting -300'], ['postrouting 299', 'input -300']],
  ['a mixture', mixed, ['postrouting 300', 'prerouting -300'], ['postrouting 299', 'prerouting -300']],
  [
    'all without state',
    withMode('rfc6296'),
    ['forward -300', 'output 300', 'input -300'],
    ['forward -301', 'output 300', 'input -301'],
  ],
])('%s: the chains of either copy', (_what, config, guard, held) => {
  expect(hooks(guardTable(config, { detours }))).toEqual(guard);
  expect(hooks(heldGuardTable(config, { detours }, 'held'))).toEqual(held);
});

test('without state: the first rules are those of translated packets; what comes by an uplink does not go on to one', () => {
  const rules = (table: Table): string[] => table.chains[0]!.rules.map(({ text }) => text);
  const config = withMode('rfc6296');
  const [inward, outward] = rules(heldGuardTable(config, { detours }, 'held'));
  expect(inward).toBe('@nh,192,32 0xfd123456 meta priority 6296:0 accept');
  expect(outward).toMatch(/^@nh,64,32 0xfd123456 .* iif != 3 oif 3 accept$/);
  const closed = rules(guardTable(config));
  expect(closed.filter((text) => / oif \d+ accept/.test(text))).toEqual([]);
  expect(closed).toContainEqual(expect.stringMatching(`oifname "${uplink}" .* counter name leaving drop`));
});
