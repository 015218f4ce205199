import type { Instant } from '../core/instant.ts';
import type { Delegation } from './delegation.ts';
import type { Lingering } from './lingering.ts';

/** Where two clocks stood at one moment: the wall clock, which can be set, and the time since boot, which cannot. */
export interface ClockReading {
  /** Which boot, as in /proc/sys/kernel/random/boot_id; empty where that is not known. */
  readonly boot: string;
  /** Milliseconds since that boot. */
  readonly uptime: number;
  readonly wall: Instant;
}

/** Two clocks are not read at the very same moment, and one that is disciplined runs a little differently. */
const tolerance = 1000;

/**
 * By how many milliseconds the wall clock was set between two readings, forward where that is above 0.
 *
 * | boot     | the answer                                                                                  |
 * |----------|---------------------------------------------------------------------------------------------|
 * | the same | what the wall clock went more than the time since boot                                      |
 * | another  | how far it stands before the earlier reading: a machine without a battery starts in the past |
 */
export function clockShift(before: ClockReading, after: ClockReading): number {
  const gone = after.wall - before.wall;
  if (before.boot !== after.boot || after.boot === '') return Math.min(0, gone);
  const shift = gone - (after.uptime - before.uptime);
  return Math.abs(shift) < tolerance ? 0 : shift;
}

/** The same delegations by a wall clock that was set by so much: what is left of their lifetimes stays. */
export function shiftDelegations(delegations: readonly Delegation[], shift: number): readonly Delegation[] {
  if (shift === 0) return delegations;
  return delegations.map((delegation) => ({
    ...delegation,
    preferredUntil: delegation.preferredUntil + shift,
    validUntil: delegation.validUntil + shift,
    since: delegation.since + shift,
  }));
}

export function shiftLingering(lingering: readonly Lingering[], shift: number): readonly Lingering[] {
  return shift === 0 ? lingering : lingering.map((each) => ({ ...each, until: each.until + shift }));
}
