import type { Problem } from '../core/problem.ts';
import { deriveReport, saysTheSame, summarizeReport, type Report, type ReportFacts } from '../engine/report.ts';
import { compareProblems, keepSince, type StandingProblem } from '../engine/standing-problems.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import { statePath, type Paths } from './paths.ts';
import type { ServiceManager } from './service-manager.ts';

export interface Reporter {
  /** Logs which problems began and ended, and writes state.json where anything changed or `reportsEvery` went by. */
  report(facts: Omit<ReportFacts, 'now' | 'problems'>, problems: readonly Problem[]): Promise<Reported>;
}

export interface Reported {
  readonly report: Report;
  /** False where the file could not be written; the next report is written whether anything changed or not. */
  readonly written: boolean;
}

/** In seconds. Readers take a report that is several times older as that of a daemon which hangs. */
export const reportsEvery = 10;

export function createReporter(host: Host, paths: Paths, log: Log, service: ServiceManager): Reporter {
  let standing: readonly StandingProblem[] = [];
  let last: Report | undefined;
  let fault = '';
  let lastWritten = -Infinity;
  return {
    async report(facts, problems) {
      const now = host.clock.now();
      const before = standing;
      standing = keepSince(before, problems, now);
      const { begun, ended } = compareProblems(before, standing);
      for (const { problem } of begun) {
        log.warn(problem.message, {
          event: 'problem',
          code: problem.code,
          ...(problem.mend !== undefined && { mend: problem.mend }),
        });
      }
      for (const { problem } of ended) {
        log.info(`over: ${problem.message}`, { event: 'problem-over', code: problem.code });
      }

      const report = deriveReport({ ...facts, now, problems: standing });
      service.status(summarizeReport(report));
      const due = host.clock.monotonic() - lastWritten >= (reportsEvery - 1) * 1000;
      if (last && !due && saysTheSame(report, last)) return { report, written: true };
      last = report;
      lastWritten = host.clock.monotonic();
      // Readable by all: what shows it has no privileges.
      const written = await host.files.write(statePath(paths), `${JSON.stringify(report, undefined, 2)}\n`, 0o644);
      const told = fault;
      fault = written.ok ? '' : written.problem.message;
      if (fault !== '' && fault !== told) log.warn(fault);
      if (!written.ok) last = undefined;
      return { report, written: written.ok };
    },
  };
}
