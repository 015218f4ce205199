import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, succeed, type Result } from '../core/result.ts';

/** Leaves a file for another program that reads a directory: under a name with a dot until it is whole. */
export async function leaveSpoolFile(directory: string, name: string, text: string): Promise<Result<void>> {
  const hidden = join(directory, `.${name}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(hidden, text, { encoding: 'latin1', flag: 'wx', mode: 0o600 });
    await rename(hidden, join(directory, name));
    return succeed(undefined);
  } catch (error) {
    await rm(hidden, { force: true }).catch(() => {});
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return fail({ code: 'file-unwritable', message: `${join(directory, name)} could not be written: ${code}` });
  }
}
