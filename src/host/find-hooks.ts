import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FoundHooks {
  /** Paths, in the order of their names. */
  readonly runnable: readonly string[];
  readonly refused: readonly { readonly path: string; readonly why: string }[];
}

/** As run-parts takes names: no dots, so that backups and leftovers of package managers stay out. */
const hookName = /^[A-Za-z0-9_-]+$/;

/**
 * The programs of a directory that may be run with our rights: executable regular files (or links to such) of root or of
 * ourselves that nobody else can write, in a directory of which the same holds.
 */
export async function findHooks(directory: string): Promise<FoundHooks> {
  let names: string[];
  try {
    names = (await readdir(directory)).filter((name) => hookName.test(name)).sort();
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { runnable: [], refused: code === 'ENOENT' ? [] : [{ path: directory, why: code }] };
  }
  if (names.length === 0) return { runnable: [], refused: [] };
  const unsafe = await findFault(directory, 'directory');
  if (unsafe !== undefined) return { runnable: [], refused: [{ path: directory, why: unsafe }] };
  const runnable: string[] = [];
  const refused: { path: string; why: string }[] = [];
  for (const name of names) {
    const path = join(directory, name);
    const why = await findFault(path, 'program');
    if (why === undefined) runnable.push(path);
    else if (why !== '') refused.push({ path, why });
  }
  return { runnable, refused };
}

/** Why it is not run; empty where there is nothing wrong with it and it is not meant to be run. */
async function findFault(path: string, kind: 'directory' | 'program'): Promise<string | undefined> {
  try {
    const { uid, mode, ...is } = await stat(path).then((found) => ({
      uid: found.uid,
      mode: found.mode,
      directory: found.isDirectory(),
      program: found.isFile(),
    }));
    if (!is[kind]) return is.directory ? '' : `it is no ${kind}`;
    if (uid !== 0 && uid !== process.getuid?.()) return `it belongs to user ${uid}`;
    if ((mode & 0o022) !== 0) return 'others than its owner can write it';
    return kind === 'program' && (mode & 0o111) === 0 ? '' : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
