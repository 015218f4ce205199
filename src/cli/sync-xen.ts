import { readConfig } from '../daemon/read-config.ts';
import { syncVifs } from '../daemon/xen/sync-vifs.ts';
import { systemHost } from '../host/system-host.ts';
import { describeVif } from '../engine/xen/vif.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printInvalidConfig } from './print-invalid-config.ts';
import { printProblem } from './print-problem.ts';
import { showProgress } from './show-progress.ts';
import { printData } from './terminal.ts';
import { describeState } from './describe-state.ts';

/** A configuration that is wrong changes nothing for guests that run. */
export async function syncXen(globals: GlobalOptions): Promise<number> {
  const config = await readConfig(systemHost.files, globals.config);
  if (!config.ok) return printInvalidConfig(config.problem);
  const done = await showProgress('looking at the guests', syncVifs(systemHost, pathsOf(globals)));
  if (!done.ok) return printProblem(done.problem);
  const { served, cleared, problems } = done.value;
  const given = served.flatMap(({ state }) => (state ? [state] : []));
  if (globals.json) {
    const guests = given.map((state) => ({ ...describeState(state), problem: state.problem ?? null }));
    const gone = cleared.map(describeState);
    printData(`${JSON.stringify({ schemaVersion: 1, guests, cleared: gone, problems }, undefined, 2)}\n`);
  } else {
    for (const { vif, entry } of given) {
      printData(
        `${vif.device}: ${describeVif(vif)} has ${entry === undefined ? 'the filter' : 'what is configured'}\n`,
      );
    }
    for (const { vif } of cleared) printData(`${vif.device}: ${describeVif(vif)} is gone, and its traces are now\n`);
  }
  const failures = [...served.flatMap(({ problem }) => (problem ? [problem] : [])), ...problems];
  for (const problem of failures) printProblem(problem);
  return failures.length > 0 ? exitCodes.failed : exitCodes.done;
}
