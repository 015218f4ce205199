import { addDuration, noDurations } from '../engine/durations.ts';
import type { Activity } from '../engine/report.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import type { Pass } from './reconcile.ts';

/** Says what passes did, and counts it. */
export interface ActivityLog {
  readonly activity: Activity;
  /** `began`: when the news came that this pass is for; undefined where it put something right. Monotonic. */
  record(pass: Pass, began: number | undefined, started: number): void;
  countMoved(flows: number): void;
}

export function createActivityLog(host: Host, log: Log): ActivityLog {
  let activity: Activity = { changes: 0, repairs: 0, flowsMoved: 0, durations: noDurations, lastChange: null };
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
    record({ plan, applied }, began, started) {
      if (!applied) return;
      const reasons = plan.steps.filter((step) => step.do !== 'delete-flows').map((step) => step.because);
      const because = [...new Set(reasons)];
      const took = Math.round((host.clock.monotonic() - (began ?? started)) * 10) / 10;
      const event = began === undefined ? 'repair' : 'change';
      for (const sentence of because) log.info(sentence, { event, tookMs: took });
      countMoved(applied.flowsMoved);
      for (const leftover of applied.leftovers) log.warn(leftover.message, { event: 'problem', code: leftover.code });
      activity = {
        changes: activity.changes + (began === undefined ? 0 : 1),
        repairs: activity.repairs + (began === undefined ? 1 : 0),
        flowsMoved: activity.flowsMoved,
        durations: addDuration(activity.durations, took),
        lastChange: { at: new Date(host.clock.now()).toISOString(), took, because },
      };
    },
  };
}
