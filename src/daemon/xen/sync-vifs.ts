import type { Problem } from '../../core/problem.ts';
import { succeed, type Result } from '../../core/result.ts';
import type { VifState } from '../../engine/xen/vif-state.ts';
import type { Host } from '../../host/host.ts';
import type { Paths } from '../paths.ts';
import { bringOnline, type Outcome } from './bring-online.ts';
import { listVifs } from './list-vifs.ts';
import { keepRadvd } from './radvd.ts';
import { renewFilter } from './renew-filter.ts';
import { takeOffline } from './take-offline.ts';
import { readRecords } from './vif-records.ts';

export interface Synced {
  readonly served: readonly (Outcome & { readonly device: string })[];
  /** Records of interfaces that are gone, whose traces were removed. */
  readonly cleared: readonly VifState[];
  readonly problems: readonly Problem[];
}

/** Gives every running guest what the configuration says now, and clears up after those that are gone. */
export async function syncVifs(host: Host, paths: Paths): Promise<Result<Synced>> {
  const listed = await listVifs(host);
  if (!listed.ok) return listed;
  const served: (Outcome & { device: string })[] = [];
  for (const { at, device, kind, settled } of listed.value) {
    if (settled) served.push({ device, ...(await bringOnline(host, { at, device, kind, paths })) });
  }
  const { states, problems: unread } = await readRecords(host.files, paths.runtimeDir);
  const problems = [...unread];
  const cleared: VifState[] = [];
  for (const state of states) {
    const { domid, devid, kind } = state.vif;
    const there = listed.value.some((vif) => vif.at.domid === domid && vif.at.devid === devid && vif.kind === kind);
    if (there) continue;
    problems.push(...(await takeOffline(host, paths.runtimeDir, state.vif)));
    cleared.push(state);
  }
  const filter = await renewFilter(host, paths.runtimeDir);
  if (filter) problems.push(filter);
  const radvd = await keepRadvd(host, paths.runtimeDir);
  if (radvd) problems.push(radvd);
  return succeed({ served, cleared, problems });
}
