import { printMessage } from './terminal.ts';

/** Says on a terminal what is being done, and for how long, from the moment that it takes longer than a second. */
export async function showProgress<T>(what: string, work: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY || process.env['TERM'] === 'dumb') return work;
  const began = performance.now();
  let isShown = false;
  const timer = setInterval(() => {
    isShown = true;
    printMessage(`\r${what} (${Math.round((performance.now() - began) / 1000)} s)\u001b[K`);
  }, 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (isShown) printMessage('\r\u001b[K');
  }
}
