import { printMessage } from './terminal.ts';

/**
 * From now on Ctrl-C does not end this process between two steps of a change, nor the tools that it starts for it: what is under way goes on to
 * its end. A second one ends it as always.
 */
export function holdInterrupts(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => printMessage('sixgate: what is under way is ended first\n'));
  }
}
