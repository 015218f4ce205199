import { parseOldConfig } from '../backend/xen/parse-old-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { problemCodes } from '../core/problem-codes.ts';
import { formatGuests } from '../generate/xen-import/format-guests.ts';
import { systemFiles } from '../host/system-files.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { printProblem } from './print-problem.ts';
import { messageColors, printData, printMessage } from './terminal.ts';

/** Prints the guests of an old file, or everything that stands against it and nothing else. */
export async function importXen({ json }: GlobalOptions, file: string): Promise<number> {
  const text = await systemFiles.read(file);
  if (!text.ok) return printProblem(text.problem);
  if (text.value === undefined) {
    return printProblem({ code: 'file-unreadable', message: `there is no ${file}`, mend: 'Name the old ipv6.cfg.' });
  }
  const { guests, refused, remarks } = parseOldConfig(text.value);
  const written = formatGuests(guests, file);
  const loaded = loadConfig([{ name: file, text: written }]);
  const judged = loaded.ok || refused.length > 0 ? [] : loaded.problem;
  const problems = [...refused, ...judged.map(({ message }) => ({ line: 1, message }))];
  const code = problems.length > 0 ? problemCodes['config-value'] : exitCodes.done;
  if (json) {
    printData(`${JSON.stringify({ schemaVersion: 1, text: code === 0 ? written : null, problems, remarks })}\n`);
    return code;
  }
  const colors = messageColors();
  for (const { line, message } of remarks) printMessage(`${colors.yellow(`${file}:${line}: note: ${message}`)}\n`);
  for (const { line, message } of problems) printMessage(`${colors.red(`${file}:${line}: ${message}`)}\n`);
  if (code === exitCodes.done) printData(written);
  return code;
}
