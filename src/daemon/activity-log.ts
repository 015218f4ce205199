import { isDeepStrictEqual } from 'node:util';
import type { Desired } from '../engine/desired.ts';
import { addDuration, noDurations } from '../engine/durations.ts';
import type { Activity } from '../engine/report.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import type { Pass } from './reconcile.ts';

/** Says what passes did, and counts it. */
export interface ActivityLog {
  readonly activity: Activity;
  /**
   * Of every pass. `began`: when the news came that it is for, monotonic; undefined where there was none. Then it put something right
   * where the same had been in force before, and else followed what nobody tells: the end of a lifetime, the way of an uplink.
   */
  record(pass: Pass, began: number | undefined, started: number): void;
  countMoved(flows: number): void;
}

export function createActivityLog(host: Host, log: Log): ActivityLog {
  let activity: Activity = { changes: 0, repairs: 0, flowsMoved: 0, durations: noDurations, lastChange: null };
  /** What a pass left in force. */
  let inForce: Desired | undefined;
  function countMoved(flows: number): void {
    if (flows === 0) return;
    log.info(`${flows} flows moved to the mapping in force`, { event: 'flows', flows });
    activity = { ...activity, flowsMoved: activity.flowsMoved + flows };
  }
  return {
    get activity() {
      return activity;
    },
    countMoved,
    record({ desired, plan, applied, failure }, began, started) {
      const before = inForce;
      if (!plan.held && !failure) inForce = desired;
      if (!applied) return;
      const reasons = plan.steps.filter((step) => step.do !== 'delete-flows').map((step) => step.because);
      const because = [...new Set(reasons)];
      const took = Math.round((host.clock.monotonic() - (began ?? started)) * 10) / 10;
      const isRepair = began === undefined && before !== undefined && isSame(before, desired);
      const event = isRepair ? 'repair' : 'change';
      for (const sentence of because) log.info(sentence, { event, tookMs: took });
      countMoved(applied.flowsMoved);
      for (const leftover of applied.leftovers) log.warn(leftover.message, { event: 'problem', code: leftover.code });
      activity = {
        changes: activity.changes + (isRepair ? 0 : 1),
        repairs: activity.repairs + (isRepair ? 1 : 0),
        flowsMoved: activity.flowsMoved,
        durations: addDuration(activity.durations, took),
        lastChange: { at: new Date(host.clock.now()).toISOString(), took, because },
      };
    },
  };
}

function isSame(one: Desired, other: Desired): boolean {
  const whatCounts = ({ mappings, unreachable, steering }: Desired) => [mappings, unreachable, steering];
  return one.config === other.config && isDeepStrictEqual(whatCounts(one), whatCounts(other));
}
