import { randomBytes } from 'node:crypto';
import { parseOldConfig } from '../backend/xen/parse-old-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { deriveTakeover } from '../config/takeover/derive-takeover.ts';
import { draftTakeover } from '../config/takeover/draft-takeover.ts';
import type { TakeoverFile } from '../config/takeover/takeover.ts';
import { problemCodes } from '../core/problem-codes.ts';
import { ulaPrefix } from '../core/ula.ts';
import { formatGuests } from '../generate/xen-import/format-guests.ts';
import { systemFiles } from '../host/system-files.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { printProblem } from './print-problem.ts';
import { readOldSetup } from './read-old-setup.ts';
import { messageColors, printData, printMessage } from './terminal.ts';

/** Prints the configuration that does the same, and tells what of the old set-up goes. Nothing is written. */
export async function importSetup(
  { json }: GlobalOptions,
  more: readonly string[],
  { root }: { readonly root: string },
): Promise<number> {
  const old = await readOldSetup(systemFiles, root, more);
  if (!old.ok) return printProblem(old.problem);
  const takeover = deriveTakeover(old.value, ulaPrefix(randomBytes(5)));
  const colors = messageColors();
  if (!takeover) {
    if (json)
      printData(
        `${JSON.stringify({ schemaVersion: 1, config: null, commands: [], files: [], remarks: [], problems: [] })}\n`,
      );
    else
      printMessage(
        'Nothing is here that a how-to would have set up. Files elsewhere can be named: sixgate import FILE...\n',
      );
    return exitCodes.no;
  }
  const guests = old.value.xenText === undefined ? undefined : parseOldConfig(old.value.xenText);
  const config = [
    ...(takeover.translation ? [draftTakeover(takeover.translation)] : []),
    ...(guests && guests.guests.length > 0 ? [formatGuests(guests.guests, old.value.xen.config!)] : []),
  ].join('\n');
  const loaded = config === '' ? undefined : loadConfig([{ name: 'the proposal', text: config }]);
  const problems = [
    ...(guests?.refused ?? []).map(({ line, message }) => `${old.value.xen.config}:${line}: ${message}`),
    ...(loaded && !loaded.ok ? loaded.problem.map(({ message }) => message) : []),
  ];
  const remarks = [
    ...takeover.remarks,
    ...(guests?.remarks ?? []).map(({ line, message }) => `${old.value.xen.config}:${line}: ${message}`),
  ];
  const { commands, files } = takeover;
  const code = problems.length > 0 ? problemCodes['config-value'] : exitCodes.done;
  if (json) {
    printData(`${JSON.stringify({ schemaVersion: 1, config: config || null, commands, files, remarks, problems })}\n`);
    return code;
  }
  printData(config);
  for (const problem of problems) printMessage(`${colors.red(problem)}\n`);
  tell('Note', remarks);
  tell('Then run', commands);
  tell('And of the old set-up', files.map(describeFile));
  return code;

  function tell(title: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    printMessage(`${colors.bold(`${title}:`)}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  }
}

function describeFile({ path, do: what, lines, why }: TakeoverFile): string {
  const where = lines.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
  return `${what} ${path}${where === '' ? '' : `, lines ${where}`}: ${why}`;
}
