import type { Problem } from '../core/problem.ts';
import type { Result } from '../core/result.ts';
import { exitCodes } from './exit-codes.ts';
import { readGivenTexts, type GivenText } from './given-texts.ts';
import { printProblem } from './print-problem.ts';
import { printData } from './terminal.ts';

export interface Answer {
  /** One line of JSON. */
  readonly json: object;
  /** One line for people, in columns. */
  readonly columns: readonly string[];
  /** False makes the exit code 3. */
  readonly yes: boolean;
}

export interface AnswerOptions {
  readonly json: boolean;
  /** Given the columns of a line, padded so that they stand below each other. */
  readonly paint: (columns: string[]) => string;
}

/**
 * Answers each given text with one line, in order. A text that cannot be read is a problem on standard error and the
 * others are still answered; the exit code is then that of the problem.
 */
export function answerTexts(
  args: readonly string[],
  answer: (text: string) => Result<Answer>,
  { json, paint }: AnswerOptions,
): number {
  const widths: number[] = [];
  let exitCode: number = exitCodes.done;
  for (const batch of readGivenTexts(args)) {
    if (!batch.ok) return printProblem(batch.problem);
    const answered = batch.value.map((given) => ({ given, result: answer(given.text) }));
    for (const { result } of answered) {
      if (!result.ok) continue;
      for (const [index, column] of result.value.columns.entries()) {
        widths[index] = Math.max(widths[index] ?? 0, column.length);
      }
      if (!result.value.yes && exitCode === exitCodes.done) exitCode = exitCodes.no;
    }
    // Data and messages keep their order among each other, for those who see both.
    let data = '';
    for (const { given, result } of answered) {
      if (result.ok) {
        data += json ? JSON.stringify(result.value.json) : paintLine(result.value.columns, widths, paint);
        data += '\n';
        continue;
      }
      if (data !== '') printData(data);
      data = '';
      exitCode = printRefused(given, result.problem);
    }
    if (data !== '') printData(data);
  }
  return exitCode;
}

function paintLine(
  columns: readonly string[],
  widths: readonly number[],
  paint: (columns: string[]) => string,
): string {
  return paint(columns.map((column, index) => (index < columns.length - 1 ? column.padEnd(widths[index]!) : column)));
}

function printRefused({ line }: GivenText, problem: Problem): number {
  return printProblem(problem, line === undefined ? 'sixgate: ' : `sixgate: line ${line}: `);
}
