import { readSync } from 'node:fs';
import { fail, succeed, type Result } from '../core/result.ts';

/** One text to work on, and where it stands if it was not on the command line. */
export interface GivenText {
  readonly text: string;
  /** Counted from 1. */
  readonly line?: number;
}

/**
 * The arguments, with the lines of standard input in the place of "-" as they come in; blank lines are left out.
 * In batches, so that what is answered can be aligned and written at once. Ends after a problem (`file-unreadable`).
 */
export function* readGivenTexts(args: readonly string[]): Generator<Result<GivenText[]>, void> {
  let batch: GivenText[] = [];
  for (const text of args) {
    if (text !== '-') {
      batch.push({ text });
      continue;
    }
    if (batch.length > 0) yield succeed(batch);
    batch = [];
    yield* readLines();
  }
  if (batch.length > 0) yield succeed(batch);
}

function* readLines(): Generator<Result<GivenText[]>, void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let rest = '';
  let line = 0;
  for (;;) {
    const read = readSome(buffer);
    if (!read.ok) return yield read;
    const size = read.value;
    const lines = (rest + decoder.decode(buffer.subarray(0, size), { stream: size > 0 })).split('\n');
    rest = size > 0 ? lines.pop()! : '';
    const batch = lines.map((text) => ({ text: text.trim(), line: ++line })).filter(({ text }) => text !== '');
    if (batch.length > 0) yield succeed(batch);
    if (size === 0) return;
  }
}

// Straight from the descriptor: process.stdin loads the stream modules, which the start of a command would feel.
function readSome(buffer: Uint8Array): Result<number> {
  for (;;) {
    try {
      return succeed(readSync(0, buffer));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') return fail({ code: 'file-unreadable', message: `standard input: ${code}` });
      // Whoever started us made it non-blocking and nothing is there yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
