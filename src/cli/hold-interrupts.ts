import { printMessage } from './terminal.ts';

/**
 * From now on Ctrl-C does not end this process between two steps of a change: what is under way ends or is taken back, which the tools that
 * it started, and which got the signal as well, decide. A second one ends it as always.
 */
export function holdInterrupts(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => printMessage('sixgate: what is under way is ended first\n'));
  }
}
