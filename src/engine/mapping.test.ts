import { expect, test } from 'vitest';
import { homeConfig, homeDelegation, now, prefix } from '../testing/healthy-host.ts';
import type { Config } from './config.ts';
import { deriveDesired } from './desired.ts';
import { joinMappings, mappingsOn, nativeOf, type Mapping } from './mapping.ts';

const mapping = (uplink: string, inside: string, outside: string): Mapping => ({
  uplink,
  network: 'home',
  inside: prefix(inside),
  outside: prefix(outside),
  direction: 'both',
});
const dsl = [mapping('dsl', 'fd12:1::/64', '2001:db8:1::/64'), mapping('dsl', 'fd12:2::/64', '2001:db8:2::/64')];
const cable = [mapping('cable', '2001:db8:3::/64', '2001:db8:3::/64')];

test('a list that was joined consists of the very lists it was joined of', () => {
  const joined = joinMappings(new Map(Object.entries({ dsl, cable })));
  expect(joined).toEqual([...dsl, ...cable]);
  expect(mappingsOn(joined, 'dsl')).toBe(dsl);
  expect(mappingsOn(joined, 'lte')).toEqual([]);
});

test('of any other list each uplink has its own in their order, and those that stay as they are are found', () => {
  const mixed = [dsl[0]!, ...cable, dsl[1]!];
  expect([mappingsOn(mixed, 'dsl'), mappingsOn(mixed, 'cable')]).toEqual([dsl, cable]);
  expect(nativeOf(mixed)).toEqual(cable);
});

test('where one uplink has a new prefix, the mappings of the others are the very same list', () => {
  const [one, two] = ['one', 'two'].map((name) => ({ ...homeConfig.uplinks[0]!, name, interface: name }));
  const config: Config = {
    ...homeConfig,
    uplinks: [one!, two!],
    translations: [one!, two!].map((uplink) => ({ ...homeConfig.translations[0]!, uplink })),
  };
  const has = (uplink: string, text: string) => ({ ...homeDelegation, uplink, prefix: prefix(text) });
  const mappingsWith = (text: string) =>
    deriveDesired(config, [has('one', text), has('two', '2001:db8:b:bb80::/58')], now).mappings;
  const [before, after] = [mappingsWith('2001:db8:a:aa80::/58'), mappingsWith('2001:db8:c:cc80::/58')];
  expect(mappingsOn(after, 'two')).toHaveLength(1);
  expect(mappingsOn(after, 'two')).toBe(mappingsOn(before, 'two'));
  expect(mappingsOn(after, 'one')).not.toEqual(mappingsOn(before, 'one'));
});
