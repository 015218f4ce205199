import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const executable = join(import.meta.dirname, '..', '..', 'bin', 'sixgate');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs bin/sixgate to its end. */
export function sixgate(args: readonly string[], input = ''): Ended {
  const { status, stdout, stderr } = spawnSync(executable, args, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return { code: status, stdout, stderr };
}

/** The objects on standard output, one a line. */
export function jsonLines({ stdout }: Ended): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
