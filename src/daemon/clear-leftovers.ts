import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { Paths } from './paths.ts';

/** Written by process, and about to be renamed (src/host/system-files.ts). */
const unfinished = /^\.(\d+)-\d+\.tmp$/;
/** Written for tc, which loads it at once. */
const program = /^sixgate-[0-9a-f]+\.o$/;

/**
 * Removes the files of processes that were killed before they had renamed or loaded them: one that is killed again and again must
 * not fill the disk. Called by the one daemon of these directories, before it writes anything.
 */
export async function clearLeftovers({ files }: Host, { runtimeDir, stateDir }: Paths, own: number): Promise<void> {
  for (const directory of new Set([runtimeDir, stateDir])) {
    const names = await files.list(directory);
    for (const name of names.ok ? names.value : []) {
      const [, writer] = unfinished.exec(name) ?? [];
      const left = writer === undefined ? program.test(name) : Number(writer) === own || !(await isAlive(writer));
      if (left) await files.remove(join(directory, name));
    }
  }

  async function isAlive(pid: string): Promise<boolean> {
    const found = await files.list(`/proc/${pid}`);
    return !found.ok || found.value.length > 0;
  }
}
