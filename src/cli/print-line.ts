import type { Problem } from '../core/problem.ts';
import { printMessage } from './terminal.ts';

/** A problem and its mend on one line, for xenstore and for logs. */
export function printLine(problem: Problem): void {
  printMessage(`${formatLine(problem)}\n`);
}

export function formatLine({ message, mend }: Problem): string {
  return `sixgate: ${message}${mend === undefined ? '' : `. ${mend}`}`.replaceAll(/\s+/g, ' ');
}
