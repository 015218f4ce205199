import { expect, test } from 'vitest';
import { compileWanted } from '../backend/nft/wanted-tables.ts';
import { homeConfig, homeDelegation, now, prefix } from '../testing/healthy-host.ts';
import { deriveDesired } from './desired.ts';
import type { KernelState } from './kernel-state.ts';
import { mappingsInForce } from './mappings-in-force.ts';

const old = { ...homeDelegation, prefix: prefix('2001:db8:b:bb80::/58'), since: homeDelegation.since - 1 };
const wanted = compileWanted(deriveDesired(homeConfig, [homeDelegation, old], now));

test('what the kernel has is what was wanted, in both directions', () => {
  expect(
    mappingsInForce(wanted, wanted).map(({ uplink, inside, outside, direction }) => ({
      uplink,
      inside,
      outside,
      direction,
    })),
  ).toEqual([
    { uplink: 'dsl', inside: prefix('fd12:3456:789a::/58'), outside: homeDelegation.prefix, direction: 'both' },
    { uplink: 'dsl', inside: prefix('fd12:3456:789a::/58'), outside: old.prefix, direction: 'inbound' },
  ]);
});

test('what is wanted but not there is not in force', () => {
  expect(mappingsInForce({ tables: [], routes: [] }, wanted)).toEqual([]);
  const without: KernelState = {
    ...wanted,
    tables: wanted.tables.map((table) => ({
      ...table,
      elements: new Map([...table.elements].map(([set, list]) => [set, set === 'out_dsl' ? [] : list])),
    })),
  };
  expect(mappingsInForce(without, wanted).map(({ direction }) => direction)).toEqual(['inbound', 'inbound']);
});

test('an element that is no pair of prefixes is left out', () => {
  const odd: KernelState = {
    routes: [],
    tables: [{ key: 'ip6 sixgate', structure: [], elements: new Map([['in_dsl', ['rubbish', '::/0 : x', '']]]) }],
  };
  expect(mappingsInForce(odd, wanted)).toEqual([]);
});
