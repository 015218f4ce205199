import { text as readAll } from 'node:stream/consumers';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { problemCodes } from '../core/problem-codes.ts';
import { wrapText } from '../generate/advice/wrap-text.ts';
import type { Generated } from '../generate/generated.ts';
import { systemFiles } from '../host/system-files.ts';
import { deliverFiles, type DeliveryOptions } from './deliver-files.ts';
import { printProblem } from './print-problem.ts';
import { printMessage } from './terminal.ts';
import { reasonOf } from '../core/printable.ts';

/** Options of the kinds whose whole intent can also be a file. */
export interface IntentOptions extends DeliveryOptions {
  /** A JSON file, or "-". */
  readonly intent?: string;
  readonly explain?: true;
}

/** The intent from the file, with what the command line says of its keys in their places. */
export async function readIntent(
  options: IntentOptions & Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Promise<Result<object>> {
  const path = options.intent;
  const given = Object.fromEntries(keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]));
  if (path === undefined) return succeed(given);
  const text = await (path === '-' ? readStandardInput() : systemFiles.read(path));
  if (!text.ok) return text;
  if (text.value === undefined) return fail({ code: 'file-unreadable', message: `${path} is not there` });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.value);
  } catch (error) {
    return fail({ code: 'intent-value', message: `${path} is not JSON: ${reasonOf(error)}` });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return fail({ code: 'intent-value', message: `${path} holds no JSON object` });
  }
  return succeed({ ...parsed, ...given });
}

/** Not by way of /dev/stdin: a socket, which a program started by Node has there, cannot be opened again. */
async function readStandardInput(): Promise<Result<string>> {
  try {
    return succeed(await readAll(process.stdin));
  } catch (error) {
    return fail({ code: 'file-unreadable', message: `standard input could not be read: ${reasonOf(error)}` });
  }
}

/** Delivers what was generated, or says everything that is wrong. Returns the exit code. */
export async function deliverGenerated(generated: Generated, options: IntentOptions): Promise<number> {
  if (!generated.ok) return printProblems(generated.problem);
  const { files, warnings, advice } = generated.value;
  for (const warning of warnings) printProblem(warning, 'sixgate: warning: ');
  if (options.explain) printMessage(`${wrapText(advice, 100).join('\n')}\n`);
  return deliverFiles(files, options);
}

/** The exit code is that of the gravest: a bad command line before what a target cannot do. */
function printProblems(problems: readonly Problem[]): number {
  for (const problem of problems) printProblem(problem);
  return Math.min(...problems.map(({ code }) => problemCodes[code]));
}

/** `ipv4MaskLength` as the option that it is. */
export function optionName(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
