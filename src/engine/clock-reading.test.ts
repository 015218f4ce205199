import { describe, expect, test } from 'vitest';
import { parsePrefix } from '../core/prefix.ts';
import { clockShift, shiftDelegations, shiftLingering } from './clock-reading.ts';

const at = (uptime: number, wall: number, boot = 'one') => ({ boot, uptime, wall });
const prefix = (() => {
  const read = parsePrefix('2001:db8:a:aa80::/58');
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
})();

describe('clockShift', () => {
  test.each([
    ['both went on alike', at(1000, 5000), at(61_000, 65_000), 0],
    ['less than a second is no jump', at(0, 0), at(10_000, 10_900), 0],
    ['set forward by a day', at(1000, 5000), at(2000, 86_406_000), 86_400_000],
    ['set back by an hour', at(1000, 5_000_000), at(2000, 1_401_000), -3_600_000],
    ['after a reboot the wall clock is all there is', at(9000, 5000), at(1000, 95_000, 'two'), 0],
    ['a machine without a battery starts in the past', at(9000, 1_000_000), at(1000, 0, 'two'), -1_000_000],
    ['where the boot is not known', at(1000, 5000, ''), at(2000, 86_405_000, ''), 0],
  ])('%s', (_, before, after, shift) => {
    expect(clockShift(before, after)).toBe(shift);
  });
});

test('what is left of a lifetime stays, and for ever stays for ever', () => {
  const held = { uplink: 'dsl', iaid: 1, prefix, preferredUntil: 500, validUntil: Infinity, since: 100 };
  expect(shiftDelegations([held], -50)).toEqual([{ ...held, preferredUntil: 450, since: 50 }]);
  expect(shiftLingering([{ uplink: 'dsl', prefix, until: 10 }], 5)).toEqual([{ uplink: 'dsl', prefix, until: 15 }]);
});
