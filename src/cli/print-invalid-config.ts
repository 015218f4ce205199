import { formatConfigProblem } from '../config/config-problem.ts';
import type { InvalidConfig } from '../daemon/read-config.ts';
import { problemCodes } from '../core/problem-codes.ts';
import type { Problem } from '../core/problem.ts';
import { printProblem } from './print-problem.ts';

/** Prints a problem; where it stands for a configuration with several, each of them as `file:line:col: message`. */
export function printInvalidConfig(problem: Problem | InvalidConfig): number {
  if (!('problems' in problem)) return printProblem(problem);
  for (const each of problem.problems) printProblem({ ...each, message: formatConfigProblem(each) }, '');
  return problemCodes[problem.code];
}
