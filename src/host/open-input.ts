import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A descriptor of a nameless file that holds this text, to be read from its start. The caller closes it. Throws where there is no
 * room. Everybody may write where it is made: its name can't be guessed, and what has it already is not touched.
 */
export function openInput(text: string): number {
  const directory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const path = join(directory, `.sixgate-${randomBytes(16).toString('hex')}`);
  const written = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(written, text);
    return openSync(path, 'r');
  } finally {
    rmSync(path, { force: true });
    closeSync(written);
  }
}
