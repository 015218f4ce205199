import { filterTable } from '../../backend/xen/filter-table.ts';
import type { Host } from '../../host/host.ts';
import { keepFollowing } from '../keep-following.ts';
import type { Log } from '../log.ts';
import { observeGuests } from './observe-guests.ts';
import { renewFilter } from './renew-filter.ts';
import { readRecords } from './vif-records.ts';

/** In milliseconds: a flush is many lines, and a start of a guest a few that take away what comes back at once. */
const settles = 50;

/**
 * Puts the filter of guests back where somebody took it away, as long as it is not stopped. Guests come and go without the
 * daemon: it looks at their records alone, and does nothing where there are none.
 */
export function keepFilter(host: Host, runtimeDir: string, log: Log): { stop(): Promise<void> } {
  const gone = new RegExp(`^delete .*\\b${filterTable.name}\\b|^# ERROR`);
  let cancel = (): void => {};
  let working: Promise<void> = Promise.resolve();
  const look = (): void => {
    cancel();
    cancel = host.clock.after(settles, () => {
      working = working.then(async () => putBack(host, runtimeDir, log));
    });
  };
  const watch = keepFollowing(host, ['nft', 'monitor'], (line) => gone.test(line) && look(), look, look);
  look();
  return {
    async stop() {
      cancel();
      await watch.stop();
      await working;
    },
  };
}

async function putBack(host: Host, runtimeDir: string, log: Log): Promise<void> {
  const { states } = await readRecords(host.files, runtimeDir);
  const devices = states.flatMap((state) => (state.filtered ? [state.vif.device] : []));
  if (devices.length === 0) return;
  const seen = await observeGuests(host.processes);
  if (seen.ok && devices.every((device) => seen.value.filtered?.has(device))) return;
  const failed = seen.ok ? await renewFilter(host, runtimeDir) : seen.problem;
  if (failed) log.error(`guests may forge sources: ${failed.message}`);
  else log.warn(`the filter of ${devices.length} guest interface(s) was gone, and is back`);
}
