import { formatConfigProblem } from '../config/config-problem.ts';
import type { Problem } from '../core/problem.ts';
import type { Log } from './log.ts';
import type { InvalidConfig } from './read-config.ts';

/** What keeps something from being done, as errors. Everything that is wrong with a configuration is a line of its own. */
export function logProblem(log: Log, problem: Problem | InvalidConfig): void {
  const all =
    'problems' in problem
      ? problem.problems.map((each) => ({ ...each, message: formatConfigProblem(each) }))
      : [problem];
  for (const { code, message, mend } of all)
    log.error(message, { event: 'problem', code, ...(mend !== undefined && { mend }) });
}
