import type { Report } from '../engine/report.ts';
import { formatReport } from '../engine/format-report.ts';
import { statePath } from '../daemon/paths.ts';
import { observeKernel, readHeldCounters } from '../daemon/observe-kernel.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printProblem } from './print-problem.ts';
import { dataColors, printData, printMessage } from './terminal.ts';

export async function printStatus(globals: GlobalOptions, options: { watch?: true }): Promise<number> {
  const code = await printOnce(globals);
  if (!options.watch) return code;
  const { runtimeDir } = pathsOf(globals);
  const watched = systemHost.files.watchDirectory(runtimeDir, (name) => {
    if (name === 'state.json') void printOnce(globals);
  });
  if (!watched.ok) return printProblem(watched.problem);
  await new Promise((resolve) => process.once('SIGINT', resolve));
  watched.value();
  return exitCodes.done;
}

async function printOnce(globals: GlobalOptions): Promise<number> {
  const path = statePath(pathsOf(globals));
  const text = await systemHost.files.read(path);
  if (!text.ok) return printProblem(text.problem);
  if (text.value === undefined) {
    printMessage(`sixgate: no daemon has written ${path} yet\n`);
    printMessage('         Start it: "sixgate run", or systemctl start sixgate.\n');
    return exitCodes.no;
  }
  const report = await withLiveCounters(JSON.parse(text.value) as Report);
  const alive = systemHost.processes.signal(report.daemon.pid, 0);
  if (globals.json) printData(`${JSON.stringify({ ...report, daemon: { ...report.daemon, alive } }, undefined, 2)}\n`);
  else printData(formatReport(report, alive, systemHost.clock.now(), dataColors()));
  return report.problems.length > 0 || !alive ? exitCodes.no : exitCodes.done;
}

/** The daemon writes its report when something changes; counters go on, so they are read anew where that is allowed. */
async function withLiveCounters(report: Report): Promise<Report> {
  const seen = await observeKernel(systemHost.processes);
  if (!seen.state.known) return report;
  return { ...report, guard: Object.fromEntries(await readHeldCounters(systemHost.processes, seen)) };
}
