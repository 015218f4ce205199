import { createInterface } from 'node:readline';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { messageColors, printMessage } from './terminal.ts';

/**
 * Asks on standard error and reads lines from standard input, whatever that is: a terminal, a serial console, a pipe. No
 * cursor is moved and nothing is drawn anew. Ctrl-C ends the process as always.
 */
export interface Questioner {
  /**
   * Asks until `read` takes the answer; an empty one stands for `preset`, where there is one. Fails where the input ends.
   */
  ask<T>(question: string, preset: string | undefined, read: (answer: string) => Result<T>): Promise<Result<T>>;
  confirm(question: string, preset: boolean): Promise<Result<boolean>>;
  close(): void;
}

export function openQuestioner(): Questioner {
  const lines = createInterface({ input: process.stdin, terminal: false });
  const waiting: string[] = [];
  let ended = false;
  let wake = (): void => {};
  lines.on('line', (line) => {
    waiting.push(line);
    wake();
  });
  lines.on('close', () => {
    ended = true;
    wake();
  });

  async function nextLine(): Promise<string | undefined> {
    while (waiting.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
    return waiting.shift();
  }

  const questioner: Questioner = {
    async ask(question, preset, read) {
      for (;;) {
        printMessage(`${question}${preset === undefined || preset === '' ? '' : ` [${preset}]`} `);
        const line = await nextLine();
        // A terminal shows what is typed; what came through a pipe is shown for those who read along.
        if (!process.stdin.isTTY || line === undefined) printMessage(`${line ?? ''}\n`);
        if (line === undefined) return fail(unanswered);
        const answer = line.trim() === '' ? preset : line.trim();
        if (answer === undefined) continue;
        const taken = read(answer);
        if (taken.ok) return taken;
        const { message, mend } = taken.problem;
        printMessage(`  ${messageColors().red(message)}\n${mend === undefined ? '' : `  ${mend}\n`}`);
      }
    },
    confirm(question, preset) {
      return questioner.ask(question, preset ? 'yes' : 'no', (answer) => {
        if (/^(y|yes|j|ja)$/i.test(answer)) return succeed(true);
        if (/^(n|no|nein)$/i.test(answer)) return succeed(false);
        return fail({ code: 'init-value', message: 'the answer is yes or no' });
      });
    },
    close: () => lines.close(),
  };
  return questioner;
}

const unanswered: Problem = {
  code: 'init-unanswered',
  message: 'the input ended before all was answered; nothing was written',
  mend: 'Answer what is asked, or ask nothing: --yes, with an option for each answer.',
};
