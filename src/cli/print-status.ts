import { formatReport } from '../engine/format-report.ts';
import { reportCounters, type Report } from '../engine/report.ts';
import { deriveStatus, noStatus, parseReport } from '../engine/status.ts';
import { statePath } from '../daemon/paths.ts';
import { observeChains } from '../daemon/observe-chains.ts';
import { observeKernel, readHeldCounters } from '../daemon/observe-kernel.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printProblem } from './print-problem.ts';
import { dataColors, printData } from './terminal.ts';

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
  const read = text.ok ? parseReport(text.value, path) : text;
  if (!read.ok) {
    if (globals.json) printJson(noStatus(read.problem));
    return printProblem(read.problem);
  }
  const report = await withLiveCounters(read.value);
  const now = systemHost.clock.now();
  const status = deriveStatus(report, systemHost.processes.signal(report.daemon.pid, 0), now);
  if (globals.json) printJson(status);
  else printData(formatReport(status, now, dataColors()));
  return status.problems.length > 0 || status.daemon.state !== 'running' ? exitCodes.no : exitCodes.done;
}

function printJson(value: object): void {
  printData(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** The daemon writes its report now and then; counters go on, so they are read anew where that is allowed. */
async function withLiveCounters(report: Report): Promise<Report> {
  const seen = await (report.backend === 'ip6tables' ? observeChains : observeKernel)(systemHost.processes);
  if (!seen.state.known) return report;
  return { ...report, guard: reportCounters(await readHeldCounters(systemHost.processes, seen)) };
}
