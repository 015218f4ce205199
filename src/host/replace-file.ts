import { randomBytes } from 'node:crypto';
import { chown, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, succeed, type Result } from '../core/result.ts';

/** A file that is written and waits for taking the place of another one. */
export interface Replacement {
  commit(): Promise<Result<void>>;
  discard(): Promise<void>;
}

/** Owner and mode are those of the file that is replaced, which a link is followed to; a new one is 0644. */
export async function prepareReplacement(path: string, text: string): Promise<Result<Replacement>> {
  let temporary: string | undefined;
  const refuse = (error: unknown): Result<never> =>
    fail({
      code: 'file-unwritable',
      message: `${path} could not be written: ${error instanceof Error ? error.message : String(error)}`,
    });
  try {
    const target = await realpath(path).catch(() => path);
    const before = await stat(target).catch(() => undefined);
    temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    const written = temporary;
    const file = await open(written, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.chmod(before ? before.mode & 0o777 : 0o644);
      await file.sync();
    } finally {
      await file.close();
    }
    if (before) await chown(written, before.uid, before.gid);
    return succeed({
      async commit() {
        try {
          await rename(written, target);
          return succeed(undefined);
        } catch (error) {
          return refuse(error);
        }
      },
      discard: () => rm(written, { force: true }),
    });
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => {});
    return refuse(error);
  }
}
