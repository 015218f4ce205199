import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fail, succeed, type Result } from '../core/result.ts';

/**
 * The bytes of every regular file below a directory, by path relative to it, with `/`. Symbolic links are left out.
 * Undefined where there is no such directory.
 */
export async function readTree(directory: string): Promise<Result<ReadonlyMap<string, Uint8Array> | undefined>> {
  try {
    // Names, since Node 18 and newer ones say the directory of an entry differently.
    const names = await readdir(directory, { recursive: true });
    const read = names.sort().map(async (name) => {
      const path = join(directory, name);
      if (!(await lstat(path)).isFile()) return [];
      return [[name.replaceAll(sep, '/'), new Uint8Array(await readFile(path))] as const];
    });
    return succeed(new Map((await Promise.all(read)).flat()));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return succeed(undefined);
    return fail({ code: 'file-unreadable', message: `${directory} could not be read: ${String(error)}` });
  }
}
