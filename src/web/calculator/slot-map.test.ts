import { expect, test } from 'vitest';
import { formatPrefix } from '../../core/prefix.ts';
import { prefix } from '../../testing/healthy-host.ts';
import { mapSlots } from './slot-map.ts';

const network = (...ids: number[]) => ({
  name: 'home',
  prefix: prefix('fd12:3456:789a::/48'),
  subnets: ids.map((id) => ({ name: `s${id}`, id, prefix: prefix(`fd12:3456:789a:${id.toString(16)}::/64`) })),
});

test('a delegation that is too small: who keeps a place, who moves, who loses', () => {
  const { cells, perCell, subnets } = mapSlots(network(1, 5, 0, 3, 9), prefix('2001:db8:a:aa80::/62'));
  expect(perCell).toBe(1n);
  expect(cells.map(({ owner }) => owner)).toEqual([2, 0, 1, 3]);
  expect(subnets.map(({ outside, moved }) => [outside && formatPrefix(outside), moved])).toEqual([
    ['2001:db8:a:aa81::/64', false],
    ['2001:db8:a:aa82::/64', true],
    ['2001:db8:a:aa80::/64', false],
    ['2001:db8:a:aa83::/64', false],
    [undefined, false],
  ]);
});

test('a large one: cells stand for many', () => {
  const { cells, perCell } = mapSlots(network(0, 300), prefix('2001:db8::/48'));
  expect([cells.length, perCell]).toEqual([256, 256n]);
  expect(cells.flatMap(({ owner }, index) => (owner === undefined ? [] : [[index, owner]]))).toEqual([[0, 0], [1, 1]]); // prettier-ignore
});

test('larger than the network: only its first part is reached', () => {
  const { cells } = mapSlots({ ...network(0), prefix: prefix('fd12:3456:789a::/58') }, prefix('2001:db8:0:100::/56'));
  expect(cells.filter(({ reached }) => reached)).toHaveLength(64);
});

test('and where a part of it is chosen, only that one', () => {
  const small = { ...network(0), prefix: prefix('fd12:3456:789a::/58') };
  const { cells, subnets } = mapSlots(small, prefix('2001:db8:0:100::/56'), 2);
  expect(cells.findIndex(({ reached }) => reached)).toBe(128);
  expect(cells.filter(({ reached }) => reached)).toHaveLength(64);
  expect(subnets.map(({ outside, moved }) => [outside && formatPrefix(outside), moved])).toEqual([
    ['2001:db8:0:180::/64', false],
  ]);
});
