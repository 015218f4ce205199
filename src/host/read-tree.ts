import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fail, succeed, type Result } from '../core/result.ts';

/**
 * The bytes of every regular file below a directory, by path relative to it, with `/`. Symbolic links are left out.
 * Undefined where there is no such directory.
 */
export async function readTree(directory: string): Promise<Result<ReadonlyMap<string, Uint8Array> | undefined>> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const read = files.sort().map(async (path) => {
      return [relative(directory, path).replaceAll(sep, '/'), new Uint8Array(await readFile(path))] as const;
    });
    return succeed(new Map(await Promise.all(read)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return succeed(undefined);
    return fail({ code: 'file-unreadable', message: `${directory} could not be read: ${String(error)}` });
  }
}
