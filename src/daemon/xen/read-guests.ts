import { succeed, type Result } from '../../core/result.ts';
import { deriveVifState } from '../../engine/xen/derive-vif-state.ts';
import { matchGuest, formatGuestKey } from '../../engine/xen/match-guest.ts';
import type { GuestReport, GuestsReport } from '../../engine/xen/guest-report.ts';
import { judgeVif } from '../../engine/xen/judge-vif.ts';
import type { ObservedGuests } from '../../engine/xen/observed-guests.ts';
import type { Vif } from '../../engine/xen/vif.ts';
import { isSameState, type VifState } from '../../engine/xen/vif-state.ts';
import type { XenConfig } from '../../engine/xen/xen-config.ts';
import type { Host } from '../../host/host.ts';
import { listVifs } from './list-vifs.ts';
import { observeGuests } from './observe-guests.ts';
import { readVif } from './read-vif.ts';
import { readRecords } from './vif-records.ts';

/** All guests as xenstore, the records and the kernel have them. */
export async function readGuests(
  host: Host,
  runtimeDir: string,
  config: XenConfig | undefined,
): Promise<Result<GuestsReport>> {
  const [listed, seen, { states }] = await Promise.all([
    listVifs(host),
    observeGuests(host.processes),
    readRecords(host.files, runtimeDir),
  ]);
  if (!listed.ok) return listed;
  if (!seen.ok) return seen;
  const guests: GuestReport[] = [];
  for (const { at, device, kind } of listed.value) {
    const identity = await readVif(host.processes, at, { device, kind });
    const vif = identity.ok ? identity.value : { domid: at.domid, devid: at.devid, device, kind };
    const state = states.find((each) => isSame(each.vif, vif));
    const match = config && matchGuest(config, vif);
    guests.push({
      vif,
      running: true,
      ...(match?.interface && { entry: formatGuestKey(match.guest.key) }),
      ...(state && { state }),
      faults: [
        ...(identity.ok ? [] : [identity.problem.message]),
        ...judgeServed(state, config && deriveVifState(config, vif), seen.value),
      ],
    });
  }
  for (const state of states) {
    if (guests.some(({ vif }) => isSame(vif, state.vif))) continue;
    guests.push({ vif: state.vif, running: false, state, faults: ['it is gone, and its traces are not'] });
  }
  return succeed({ guests, dropped: seen.value.dropped });
}

function judgeServed(
  state: VifState | undefined,
  wanted: Result<VifState | undefined> | undefined,
  seen: ObservedGuests,
): string[] {
  if (wanted && !wanted.ok) return [wanted.problem.message];
  const should = wanted?.value;
  if (!state) return should ? ['it started without sixgate: nothing has been done for it'] : [];
  const changed = !should || !isSameState(state, should);
  return [...judgeVif(state, seen), ...(changed ? ['the configuration says something else by now'] : [])];
}

function isSame(one: Vif, other: Vif): boolean {
  return one.domid === other.domid && one.devid === other.devid && one.kind === other.kind;
}
