import { expect, test } from 'vitest';
import { homeConfig, homeDelegation, prefix } from '../testing/healthy-host.ts';
import type { Config } from './config.ts';
import type { Delegation } from './delegation.ts';
import { dropClaimed } from './drop-claimed.ts';

const [dsl] = homeConfig.uplinks;
const config: Config = { ...homeConfig, uplinks: [dsl!, { ...dsl!, name: 'lte', interface: 'wwan0' }] };
const of = (uplink: string, text: string, since: number): Delegation => ({
  ...homeDelegation,
  uplink,
  prefix: prefix(text),
  since,
});

test('another uplink’s prefix, larger or smaller, stays with who had it first', () => {
  const first = of(dsl!.name, '2001:db8:a:aa80::/58', 5);
  for (const text of ['2001:db8:a:aa80::/58', '2001:db8:a::/48', '2001:db8:a:aa81::/64']) {
    const claim = of('lte', text, 6);
    for (const held of [
      [first, claim],
      [claim, first],
    ]) {
      const { delegations, problems } = dropClaimed(config, held);
      expect(delegations).toEqual([first]);
      expect(problems).toMatchObject([{ code: 'delegation-refused' }]);
    }
  }
});

test('what the configuration says comes before what was there first', () => {
  const source = { from: 'static', prefix: prefix('2001:db8:a:aa80::/58') } as const;
  const fixed: Config = { ...config, uplinks: [config.uplinks[0]!, { ...config.uplinks[1]!, source }] };
  const mine = of('lte', '2001:db8:a:aa80::/58', 99);
  expect(dropClaimed(fixed, [of(dsl!.name, '2001:db8:a:aa80::/58', 5), mine]).delegations).toEqual([mine]);
});

test('prefixes that touch no other are as they were', () => {
  const held = [
    of(dsl!.name, '2001:db8:a:aa80::/58', 5),
    of('lte', '2001:db8:a:aac0::/58', 6),
    of(dsl!.name, '2001:db8:a::/48', 7),
  ];
  expect(dropClaimed(config, held.slice(0, 2)).delegations).toEqual(held.slice(0, 2));
});
