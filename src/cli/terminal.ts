import { fstatSync, writeSync } from 'node:fs';
import colors from 'picocolors';

type Colors = ReturnType<typeof colors.createColors>;

/** Data for standard output. Throws `ClosedPipe` when nobody reads any longer, as in `sixgate ... | head`. */
export function printData(text: string): void {
  writeAll(1, text);
}

/** Messages for standard error. */
export function printMessage(text: string): void {
  writeAll(2, text);
}

/** The reader of our output went away. Not an error: main.ts ends quietly. */
export class ClosedPipe extends Error {
  readonly code = 'EPIPE';
}

export function isClosedPipe(thrown: unknown): boolean {
  // By code, since each bundle has a class of its own.
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPIPE';
}

/** Colours for standard output, or functions that change nothing where it is no terminal or NO_COLOR is set. */
export function dataColors(): Colors {
  return colors.createColors(hasColors(1));
}

/** The same for standard error. */
export function messageColors(): Colors {
  return colors.createColors(hasColors(2));
}

export function hasColors(descriptor: 1 | 2): boolean {
  if (process.env['NO_COLOR'] || process.env['TERM'] === 'dumb') return false;
  // Asked first, since node:tty takes 1 to 2 ms to load and most output goes into a pipe or file.
  if (!fstatSync(descriptor).isCharacterDevice()) return false;
  return (descriptor === 1 ? process.stdout : process.stderr).isTTY;
}

/** The lines of the terminal that standard output is; undefined where it is none, or does not say. */
export function screenRows(): number | undefined {
  if (!fstatSync(1).isCharacterDevice()) return undefined;
  return process.stdout.rows || undefined;
}

// Straight to the descriptor: touching process.stdout loads the stream and socket modules, which takes 3 to 4 ms.
function writeAll(descriptor: 1 | 2, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') throw new ClosedPipe('nobody reads the output any longer');
      if (code !== 'EAGAIN') throw error;
      // Whoever started us made the pipe non-blocking and it is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
