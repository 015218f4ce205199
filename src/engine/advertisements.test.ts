import { expect, test } from 'vitest';
import { homeConfig, homeDelegation, now, prefix } from '../testing/healthy-host.ts';
import { deriveAdvertisements } from './advertisements.ts';
import type { Config } from './config.ts';
import { deriveDesired } from './desired.ts';

const config: Config = {
  ...homeConfig,
  networks: homeConfig.networks.map((network) => ({ ...network, advertise: { dns: [] } })),
};
const routers = (delegated: string | undefined, of = config): Record<string, boolean> => {
  const delegations = delegated === undefined ? [] : [{ ...homeDelegation, prefix: prefix(delegated) }];
  const { mappings } = deriveDesired(of, delegations, now);
  return Object.fromEntries(deriveAdvertisements(of, mappings).map((each) => [each.interface, each.defaultRouter]));
};

test('a router to the Internet while there is a mapping, advertised in any case', () => {
  expect(routers('2001:db8:a:aa80::/58')).toEqual({ eth1: true, eth2: true });
  expect(routers(undefined)).toEqual({ eth1: false, eth2: false });
});

test('where a delegation holds the first subnet only, the other has no way out', () => {
  expect(routers('2001:db8:a:aa80::/64')).toEqual({ eth1: true, eth2: false });
});

test('an older prefix that is only served inbound makes no default router', () => {
  const old = { ...homeDelegation, preferredUntil: now };
  const mappings = deriveDesired(config, [old], now).mappings.map((mapping) => ({
    ...mapping,
    direction: 'inbound' as const,
  }));
  expect(deriveAdvertisements(config, mappings).map((each) => each.defaultRouter)).toEqual([false, false]);
});

test('nobody asked for it: nothing', () => {
  expect(routers('2001:db8:a:aa80::/58', homeConfig)).toEqual({});
});
