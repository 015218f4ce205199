import { expect, test } from 'vitest';
import { deriveDesired } from '../engine/desired.ts';
import { homeConfig, homeDelegation } from '../testing/healthy-host.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { systemHost } from '../host/system-host.ts';
import { createActivityLog, type ActivityLog } from './activity-log.ts';
import type { Pass } from './reconcile.ts';

/** A pass at this moment with a delegation that ends at 5000; it had something to do. */
function passAt(now: number, how: Partial<Pass> = {}): Pass {
  const delegation = { ...homeDelegation, preferredUntil: 5000, validUntil: 5000, since: 0 };
  const plan = { held: false, steps: [{ do: 'remove-route', route: '', because: 'so' }] };
  const applied = { flowsMoved: 0, leftovers: [] };
  return { desired: deriveDesired(homeConfig, [delegation], now), plan, applied, ...how } as unknown as Pass;
}

function open(): { log: ActivityLog; counts: () => { changes: number; repairs: number } } {
  const log = createActivityLog({ ...systemHost, clock: new ManualClock() }, { info() {}, warn() {}, error() {} });
  return { log, counts: () => ({ changes: log.activity.changes, repairs: log.activity.repairs }) };
}

test('what somebody else had changed is a repair: the same was in force', () => {
  const { log, counts } = open();
  log.record(passAt(0), 0, 0);
  log.record(passAt(1), undefined, 1);
  expect(counts()).toEqual({ changes: 1, repairs: 1 });
});

test('what failed at first was not in force', () => {
  const { log, counts } = open();
  log.record(
    { ...passAt(0, { failure: { code: 'tool-timeout', message: 'slow' } }), applied: undefined } as unknown as Pass,
    0,
    0,
  );
  log.record(passAt(1), undefined, 1);
  expect(counts()).toEqual({ changes: 1, repairs: 0 });
});

test('the end of a lifetime is a change, though nobody tells it', () => {
  const { log, counts } = open();
  log.record(passAt(0), 0, 0);
  log.record(passAt(5001), undefined, 5001);
  expect(counts()).toEqual({ changes: 2, repairs: 0 });
});
