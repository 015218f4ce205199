import { dirname, join, normalize } from 'node:path';
import { succeed, type Result } from '../core/result.ts';
import type { GeneratedFile } from '../generate/generated-file.ts';
import type { Files } from '../host/host.ts';
import { systemFiles } from '../host/system-files.ts';
import { exitCodes } from './exit-codes.ts';
import { printProblem } from './print-problem.ts';
import { printData, printMessage } from './terminal.ts';

/** How the user wants generated files: the options that every kind of `generate` has. */
export interface DeliveryOptions {
  readonly json?: true;
  /** A directory that stands for the root of the machine. */
  readonly out?: string;
  readonly force?: true;
}

/** Prints the files, or writes them under a directory. Returns the exit code. */
export async function deliverFiles(files: readonly GeneratedFile[], options: DeliveryOptions): Promise<number> {
  if (options.out !== undefined) {
    const written = await writeTree(systemFiles, files, options.out, options.force === true);
    if (!written.ok) return printProblem(written.problem);
    for (const line of written.value) printMessage(`${line}\n`);
  }
  if (options.json) printData(formatFilesJson(files));
  else if (options.out === undefined) printData(formatFiles(files));
  return exitCodes.done;
}

/** One file as it is; several with a heading each. */
export function formatFiles(files: readonly GeneratedFile[]): string {
  if (files.length === 1) return files[0]!.text;
  return files.map(({ path, text }) => `# ==> ${path}\n${text}`).join('\n');
}

/** Modes as `chmod` takes them. */
export function formatFilesJson(files: readonly GeneratedFile[]): string {
  const shown = files.map(({ path, mode, text }) => ({ path, mode: mode.toString(8).padStart(4, '0'), text }));
  return `${JSON.stringify({ schemaVersion: 1, files: shown })}\n`;
}

/**
 * Writes each file in one step, after all were looked at: where one is there with another text, nothing is written unless
 * `force` says so, for all or by path. Gives one line for each.
 */
export async function writeTree(
  files: Files,
  generated: readonly GeneratedFile[],
  root: string,
  force: boolean | ((path: string) => boolean),
): Promise<Result<readonly string[]>> {
  const lines: string[] = [];
  const due: { target: string; file: GeneratedFile }[] = [];
  for (const file of generated) {
    if (!file.path.startsWith('/') || normalize(file.path) !== file.path) throw new RangeError(`path ${file.path}`);
    const target = join(root, file.path);
    const there = await files.read(target);
    if (!there.ok) return there;
    if (there.value === file.text) {
      lines.push(`${target} is current`);
      continue;
    }
    const mayReplace = typeof force === 'boolean' ? force : force(file.path);
    if (there.value !== undefined && !mayReplace) {
      const message = `${target} is there already and differs; nothing was written`;
      return {
        ok: false,
        problem: { code: 'file-differs', message, mend: 'Compare them, then replace it with --force.' },
      };
    }
    due.push({ target, file });
  }
  for (const { target, file } of due) {
    const made = await files.makeDirectory(dirname(target));
    if (!made.ok) return made;
    const written = await files.write(target, file.text, file.mode);
    if (!written.ok) return written;
    lines.push(`${target} written`);
  }
  return succeed(lines);
}
