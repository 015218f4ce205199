import type { Problem } from '../core/problem.ts';
import { deriveReport, summarizeReport, type ReportFacts } from '../engine/report.ts';
import { compareProblems, keepSince, type StandingProblem } from '../engine/standing-problems.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import { statePath, type Paths } from './paths.ts';
import type { ServiceManager } from './service-manager.ts';

export interface Reporter {
  /** Logs which problems began and ended, and writes state.json where anything changed. */
  report(facts: Omit<ReportFacts, 'now' | 'problems'>, problems: readonly Problem[]): Promise<void>;
}

export function createReporter(host: Host, paths: Paths, log: Log, service: ServiceManager): Reporter {
  let standing: readonly StandingProblem[] = [];
  let last = '';
  return {
    async report(facts, problems) {
      const now = host.clock.now();
      const before = standing;
      standing = keepSince(before, problems, now);
      const { begun, ended } = compareProblems(before, standing);
      for (const { problem } of begun) log.warn(problem.mend ? `${problem.message}. ${problem.mend}` : problem.message);
      for (const { problem } of ended) log.info(`over: ${problem.message}`);

      const report = deriveReport({ ...facts, now, problems: standing });
      service.status(summarizeReport(report));
      const comparable = JSON.stringify({ ...report, written: '' });
      if (comparable === last) return;
      last = comparable;
      const written = await host.files.write(statePath(paths), `${JSON.stringify(report, undefined, 2)}\n`);
      if (!written.ok) log.warn(written.problem.message);
    },
  };
}
