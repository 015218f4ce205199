import { expect, test } from 'vitest';
import { homeConfig, homeDelegation, now } from '../testing/healthy-host.ts';
import type { Config } from './config.ts';
import { deriveDesired } from './desired.ts';
import { deriveOffload, offloadInterfaces } from './offload.ts';
import { nothingSeen } from './steering.ts';

const asking: Config = {
  ...homeConfig,
  translations: homeConfig.translations.map((translation) => ({ ...translation, offload: true })),
};
const taken = { taken: true } as const;

test('the uplink and the interfaces of its network take part, each once, if they are there', () => {
  expect(offloadInterfaces(asking)).toEqual(['eth0', 'eth1', 'eth2']);
  expect(offloadInterfaces({ ...asking, translations: [...asking.translations, ...asking.translations] })).toHaveLength(
    3,
  );
  expect(deriveOffload(asking, { flowtables: taken, present: ['lo', 'eth2', 'eth0'] })).toEqual({
    offload: { interfaces: ['eth0', 'eth2'] },
    problems: [],
  });
});

test('none of them is there: a flowtable all the same, to which they come', () => {
  expect(deriveOffload(asking, { flowtables: taken, present: ['lo'] }).offload).toEqual({ interfaces: [] });
});

test('only those that it may have', () => {
  const flowtables = { taken: true, only: ['eth1', 'eth9'] } as const;
  expect(deriveOffload(asking, { flowtables, present: ['eth0', 'eth1', 'eth9'] }).offload?.interfaces).toEqual([
    'eth1',
  ]);
});

test('the kernel takes no more than 256', () => {
  const [translation] = asking.translations;
  const subnets = Array.from({ length: 300 }, (_, id) => ({
    ...translation!.network.subnets[0]!,
    name: `s${id}`,
    id,
    interface: `v${id}`,
  }));
  const many = { ...asking, translations: [{ ...translation!, network: { ...translation!.network, subnets } }] };
  const present = offloadInterfaces(many);
  expect(present).toHaveLength(301);
  expect(deriveOffload(many, { flowtables: taken, present }).offload?.interfaces).toEqual(present.slice(0, 256));
});

test('a kernel without flowtables: one problem, and everything else as ever', () => {
  const offload = { flowtables: { taken: false, why: 'nft says no' }, present: ['eth0'] } as const;
  const desired = deriveDesired(asking, [homeDelegation], now, [], false, { ...nothingSeen, offload });
  expect(desired.offload).toBeUndefined();
  expect(desired.mappings).toHaveLength(1);
  expect(desired.problems).toMatchObject([
    { code: 'offload-missing', message: expect.stringContaining('nft says no') },
  ]);
});

test('nobody asks for it, or nobody has looked: nothing', () => {
  expect(deriveOffload(homeConfig, { flowtables: taken, present: ['eth0'] })).toEqual({ problems: [] });
  expect(deriveOffload(asking, undefined)).toEqual({ problems: [] });
});
