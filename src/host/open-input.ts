import { existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let serial = 0;

/** A descriptor of a nameless file that holds this text, to be read from its start. The caller closes it. */
export function openInput(text: string): number {
  const directory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const path = join(directory, `.sixgate-${process.pid}-${serial++}`);
  const descriptor = openSync(path, 'wx+', 0o600);
  rmSync(path);
  if (text !== '') writeSync(descriptor, text, 0); // at a position, so that the offset stays at the start
  return descriptor;
}
