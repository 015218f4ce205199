import { clearOtherBackend } from '../daemon/clear-other-backend.ts';
import { reconcile } from '../daemon/reconcile.ts';
import { readConfig } from '../daemon/read-config.ts';
import { restoreOnce } from '../daemon/restore-once.ts';
import { withdraw } from '../daemon/withdraw.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { formatSteps } from './print-plan.ts';
import { printProblem } from './print-problem.ts';
import { readSituation } from './read-situation.ts';
import { holdInterrupts } from './hold-interrupts.ts';
import { showProgress } from './show-progress.ts';
import { printData, printMessage } from './terminal.ts';

/** What was cleared is no more than what was asked for. */
const log = { info() {}, warn: (text: string) => printMessage(`${text}\n`), error() {} };

export async function applyOnce(globals: GlobalOptions, options: { withdraw?: true; restore?: true }): Promise<number> {
  if (options.withdraw) {
    const read = await readConfig(systemHost.files, globals.config);
    holdInterrupts();
    const backend = read.ok ? read.value.config.backend : undefined;
    const withdrawn = await showProgress('taking it away', withdraw(systemHost, backend));
    if (!withdrawn.ok) return printProblem(withdrawn.problem);
    if (globals.json) printData(`${JSON.stringify({ schemaVersion: 1, steps: withdrawn.value, flowsMoved: 0 })}\n`);
    else printData(withdrawn.value > 0 ? 'everything of ours is taken away\n' : 'nothing of ours was there\n');
    return exitCodes.done;
  }
  const situation = await readSituation(globals);
  if (typeof situation === 'number') return situation;
  const put = options.restore ? restoreOnce : reconcile;
  holdInterrupts();
  const pass = await showProgress('applying', put(systemHost, situation, { runtimeDir: globals.runtimeDir }));
  if (pass.failure) return printProblem(pass.failure);
  await clearOtherBackend(systemHost, situation.config.backend ?? 'nftables', log);
  const { flowsMoved = 0, leftovers = [] } = pass.applied ?? {};
  const { steps } = pass.plan;
  if (globals.json) {
    printData(
      `${JSON.stringify({ schemaVersion: 1, steps: steps.length, flowsMoved, leftovers, awaited: pass.awaited })}\n`,
    );
  } else {
    printData(formatSteps(steps));
    if (flowsMoved > 0) printData(`${flowsMoved} flows moved to the mapping in force\n`);
  }
  const problems = [...(situation.instead ? [situation.instead] : []), ...pass.awaited, ...leftovers];
  for (const problem of problems) printProblem(problem);
  return problems.length > 0 ? exitCodes.failed : exitCodes.done;
}
