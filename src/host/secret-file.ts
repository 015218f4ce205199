import { randomBytes } from 'node:crypto';
import { chmod, chown, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, succeed, type Result } from '../core/result.ts';
import { reasonOf } from '../core/printable.ts';

/** What is in a file that only its owner and group may read, without blanks around it. `problem` where others may. */
export async function readSecretFile(path: string): Promise<Result<string>> {
  try {
    const file = await open(path, 'r');
    try {
      const about = await file.stat();
      if (!about.isFile()) return fail(unusable(path, 'is not a regular file'));
      if ((about.mode & 0o007) !== 0) {
        return fail(unusable(path, 'may be read by everybody on this machine', `Run: chmod 600 ${path}`));
      }
      if (about.size > 4096) return fail(unusable(path, 'is too large for a token'));
      return succeed((await file.readFile('utf8')).trim());
    } finally {
      await file.close();
    }
  } catch (error) {
    return fail(unusable(path, `cannot be read: ${reasonOf(error)}`));
  }
}

/** Replaces what is in it in one step; owner and mode stay, a new file is for its owner alone. */
export async function writeSecretFile(path: string, secret: string): Promise<Result<void>> {
  const temporary = join(dirname(path), `.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const before = await stat(path).catch(() => undefined);
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${secret}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    if (before) {
      await chown(temporary, before.uid, before.gid);
      await chmod(temporary, before.mode & 0o660);
    }
    await rename(temporary, path);
    return succeed(undefined);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    return fail({ code: 'file-unwritable', message: `${path} could not be written: ${reasonOf(error)}` });
  }
}

/** 256 bits from the kernel, as 43 characters that may stand in a URL. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

function unusable(path: string, what: string, mend = 'Make one: sixgate serve rotate-token --token-file FILE') {
  return { code: 'token-unusable', message: `${path} ${what}`, mend: mend.replace('FILE', path) } as const;
}
