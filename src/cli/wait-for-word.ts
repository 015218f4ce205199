import { createInterface } from 'node:readline';
import { hasColors, messageColors, printMessage } from './terminal.ts';

/**
 * Asks whether to keep it, counts down where somebody looks, and says what was typed: Enter or yes confirms, other words take it back.
 * Input that ends says nothing.
 */
export function waitForWord(timeout: number, say: (word: 'confirm' | 'cancel') => void): { stop(): void } {
  const isTerminal = process.stderr.isTTY && process.env['TERM'] !== 'dumb';
  const end = performance.now() + timeout;
  const left = (): number => Math.max(0, Math.ceil((end - performance.now()) / 1000));
  const bold = hasColors(2) ? messageColors().bold : (text: string) => text;
  printMessage(
    `\n${bold('It is in force. Keep it?')} Enter keeps it; "no", Ctrl-C or the end of this session take it back.\n` +
      'From another session: sixgate try --confirm\n',
  );
  const show = (): void => printMessage(`\rback in ${left()} s \u001b[K`);
  let timer: NodeJS.Timeout | undefined;
  if (isTerminal) {
    show();
    timer = setInterval(show, 1000);
  } else printMessage(`back in ${left()} s\n`);

  const lines = createInterface({ input: process.stdin, terminal: false });
  let isSaid = false;
  lines.on('line', (line) => {
    if (isSaid) return;
    isSaid = true;
    say(/^\s*(y|yes|j|ja)?\s*$/i.test(line) ? 'confirm' : 'cancel');
  });
  return {
    stop() {
      clearInterval(timer);
      lines.close();
      if (isTerminal) printMessage('\r\u001b[K');
    },
  };
}
