import { constants, watch, type Stats } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Files } from './host.ts';
import { reasonOf } from '../core/printable.ts';

let serial = 0;

export const systemFiles: Files = {
  async read(path) {
    try {
      return succeed(await readFile(path, 'utf8'));
    } catch (error) {
      return isErrno(error, 'ENOENT') ? succeed(undefined) : fail(unreadable(path, error));
    }
  },

  async readOwn(path) {
    try {
      const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const refused = judgeOwnership(await file.stat());
        if (refused !== undefined) return fail(unreadable(path, refused));
        return succeed(await file.readFile('utf8'));
      } finally {
        await file.close();
      }
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return succeed(undefined);
      return fail(unreadable(path, isErrno(error, 'ELOOP') ? 'it is a symbolic link' : error));
    }
  },

  async readShipped(name) {
    // Beside the bundle that this became part of; where it runs from its source, among the bundles.
    for (const directory of [__dirname, join(__dirname, '../../dist')]) {
      const path = join(directory, name);
      try {
        return succeed(await readFile(path));
      } catch (error) {
        if (!isErrno(error, 'ENOENT')) return fail(unreadable(path, error));
      }
    }
    return succeed(undefined);
  },

  async write(path, content, mode) {
    const temporary = join(dirname(path), `.${process.pid}-${serial++}.tmp`);
    try {
      const file = await openNew(temporary, mode ?? 0o644);
      try {
        if (mode !== undefined) await file.chmod(mode); // whatever the umask takes away
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      return succeed(undefined);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      return fail(unwritable(path, error));
    }
  },

  async list(directory) {
    try {
      return succeed((await readdir(directory)).sort());
    } catch (error) {
      return isErrno(error, 'ENOENT') ? succeed([]) : fail(unreadable(directory, error));
    }
  },

  async remove(path) {
    return attempt(path, rm(path, { force: true }));
  },

  async makeDirectory(path, mode = 0o755) {
    return attempt(
      path,
      mkdir(path, { recursive: true, mode }).then(() => {}),
    );
  },

  /** A directory and not a file, since a watch on a file ends with the first rename over it. */
  watchDirectory(directory, onChange) {
    try {
      const watcher = watch(directory, (_event, name) => onChange(name ?? ''));
      watcher.on('error', () => onChange(''));
      return succeed(() => watcher.close());
    } catch (error) {
      return fail(unreadable(directory, error));
    }
  },
};

/** Why not to believe what is in it. */
function judgeOwnership(about: Stats): string | undefined {
  if (!about.isFile()) return 'it is not a regular file';
  if (about.uid !== 0 && about.uid !== process.geteuid?.()) return `it belongs to another user (${about.uid})`;
  return (about.mode & 0o022) === 0 ? undefined : 'others than its owner may write it';
}

/** One of this name can be left over: process IDs come again, in a container at every start. */
async function openNew(path: string, mode: number): Promise<FileHandle> {
  try {
    return await open(path, 'wx', mode);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    await rm(path);
    return open(path, 'wx', mode);
  }
}

async function attempt(path: string, work: Promise<void>): Promise<Result<void>> {
  try {
    await work;
    return succeed(undefined);
  } catch (error) {
    return fail(unwritable(path, error));
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

function unreadable(path: string, error: unknown): Problem {
  return { code: 'file-unreadable', message: `${path} could not be read: ${reasonOf(error)}` };
}

function unwritable(path: string, error: unknown): Problem {
  return { code: 'file-unwritable', message: `${path} could not be written: ${reasonOf(error)}` };
}
