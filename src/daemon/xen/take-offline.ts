import type { Problem } from '../../core/problem.ts';
import { compileFilter } from '../../backend/xen/compile-vif-steps.ts';
import { planOffline, planReturn } from '../../engine/xen/plan-vif.ts';
import type { Vif } from '../../engine/xen/vif.ts';
import type { Host } from '../../host/host.ts';
import { runTool } from '../run-tool.ts';
import { applyVifSteps, takeAway } from './apply-vif-steps.ts';
import { keepRadvd } from './radvd.ts';
import { toolTimeout } from './tool-timeout.ts';
import { readRecord, readRecords, removeRecord } from './vif-records.ts';

/**
 * Undoes what outlives an interface that is gone, by its record alone: the configuration may say something else by now.
 * Goes on whatever fails, and says what did.
 */
export async function takeOffline(
  host: Host,
  runtimeDir: string,
  key: Pick<Vif, 'domid' | 'devid' | 'kind'>,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const note = (problem: Problem | undefined): void => void (problem && problems.push(problem));
  const read = await readRecord(host.files, runtimeDir, key);
  if (!read.ok) return [read.problem];
  const gone = read.value;
  if (!gone) return [];
  const others = async () =>
    (await readRecords(host.files, runtimeDir)).states.filter(
      ({ vif }) => vif.domid !== key.domid || vif.devid !== key.devid || vif.kind !== key.kind,
    );
  const steps = planOffline(gone, await others());
  const filter = compileFilter(steps);
  if (filter !== undefined) {
    const done = await runTool(host.processes, { argv: ['nft', '-f', '-'], input: filter, timeout: toolTimeout });
    if (!done.ok) note(done.problem);
  }
  await takeAway(host.processes, steps);
  const removed = await removeRecord(host.files, runtimeDir, key);
  if (!removed.ok) note(removed.problem);
  if (gone.advertised.length > 0) note(await keepRadvd(host, runtimeDir));
  // The guest may have come back between the first look and the steps; whoever comes later finds nothing of this call.
  note((await applyVifSteps(host.processes, planReturn(steps, await others())))?.problem);
  return problems;
}
