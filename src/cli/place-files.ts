import { dirname } from 'node:path';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Files } from '../host/host.ts';
import type { GeneratedFile } from '../generate/generated-file.ts';
import { judgeSeal } from '../core/sealed-text.ts';

/** Writes all files, or none where one is there that somebody else wrote or changed. Gives a line for each. */
export async function placeFiles(files: Files, wanted: readonly GeneratedFile[]): Promise<Result<readonly string[]>> {
  const due: GeneratedFile[] = [];
  const lines: string[] = [];
  for (const file of wanted) {
    const there = await files.read(file.path);
    if (!there.ok) return there;
    if (there.value === file.text) lines.push(`${file.path} is current`);
    else if (there.value === undefined || judgeSeal(there.value) === 'ours') due.push(file);
    else return fail(notOurs(file.path, judgeSeal(there.value), 'Move it away first; nothing was written.'));
  }
  for (const { path, text, mode } of due) {
    const made = await files.makeDirectory(dirname(path));
    if (!made.ok) return made;
    const written = await files.write(path, text, mode);
    if (!written.ok) return written;
    lines.push(`${path} written`);
  }
  return succeed(lines);
}

/** Removes what is ours and as it was; what is not there is no problem. */
export async function takeAwayFiles(
  files: Files,
  paths: readonly string[],
): Promise<{ readonly done: readonly string[]; readonly problems: readonly Problem[] }> {
  const done: string[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const there = await files.read(path);
    if (!there.ok) problems.push(there.problem);
    else if (there.value !== undefined) {
      const whose = judgeSeal(there.value);
      // The script of a how-to has the name of one of ours and is none of our business.
      if (whose === 'foreign') done.push(`${path} is not ours and stays`);
      else if (whose === 'changed') problems.push(notOurs(path, whose, 'Remove it yourself.'));
      else {
        const removed = await files.remove(path);
        if (removed.ok) done.push(`${path} removed`);
        else problems.push(removed.problem);
      }
    }
  }
  return { done, problems };
}

function notOurs(path: string, whose: 'changed' | 'foreign' | 'ours', mend: string): Problem {
  const what = whose === 'changed' ? 'was changed since sixgate wrote it' : 'is not from sixgate';
  return { code: 'file-differs', message: `${path} ${what}`, mend };
}
