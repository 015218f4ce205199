import { problemCodes } from '../core/problem-codes.ts';
import type { Problem } from '../core/problem.ts';
import { messageColors, printMessage } from './terminal.ts';

/**
 * Writes a problem to standard error: its message after `lead`, then its mend, indented. Returns the exit code of a
 * command that ends because of it: `process.exitCode = printProblem(problem)`.
 */
export function printProblem(problem: Problem, lead = 'sixgate: '): number {
  const colors = messageColors();
  printMessage(`${lead}${colors.red(problem.message)}\n`);
  if (problem.mend !== undefined) printMessage(`${' '.repeat(lead.length)}${problem.mend}\n`);
  return problemCodes[problem.code];
}
