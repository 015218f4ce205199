import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { draftSetup } from '../config/draft-setup.ts';
import { loadConfig } from '../config/load-config.ts';
import { succeed, type Result } from '../core/result.ts';
import { readConfig, type InvalidConfig, type ReadConfig } from '../daemon/read-config.ts';
import { readSetupFacts } from '../daemon/setup/read-setup-facts.ts';
import { nextSteps, type NextStep, type Prepared } from '../engine/setup/next-steps.ts';
import type { Setup } from '../engine/setup/setup.ts';
import type { GeneratedFile } from '../generate/generated-file.ts';
import { routerSysctl } from '../generate/uplink/router-sysctl.ts';
import type { Files } from '../host/host.ts';
import { systemHost } from '../host/system-host.ts';
import { askSetup, type InitOptions } from './ask-setup.ts';
import { formatFilesJson, writeTree } from './deliver-files.ts';
import { exitCodes } from './exit-codes.ts';
import { formatDiff } from './format-diff.ts';
import type { GlobalOptions } from './global-options.ts';
import { printInvalidConfig } from './print-invalid-config.ts';
import { printProblem } from './print-problem.ts';
import { isUntouchedConffile, machineFiles } from './machine-files.ts';
import { pathsOf } from './paths.ts';
import { openQuestioner, type Questioner } from './questioner.ts';
import { showProgress } from './show-progress.ts';
import { messageColors, printData, printMessage } from './terminal.ts';

interface Delivery {
  readonly yes?: true;
  readonly force?: true;
  readonly dryRun?: true;
  readonly out?: string;
  /** False: only what is sixgate's own. */
  readonly files: boolean;
}

/** What is written when the same question is answered with yes. */
interface Part {
  readonly subject?: keyof Prepared;
  readonly files: readonly GeneratedFile[];
}

/** With --json nothing is asked, and nothing is written without --yes. */
export async function initConfig(globals: GlobalOptions, options: InitOptions & Delivery): Promise<number> {
  const facts = await showProgress('looking at this machine', readSetupFacts(systemHost));
  if (!facts.ok) return printProblem(facts.problem);
  const asks = !options.yes && !globals.json;
  const questioner = asks ? openQuestioner() : undefined;
  try {
    const setup = await askSetup(options, facts.value, questioner, randomBytes(5));
    if (!setup.ok) return printProblem(setup.problem);
    const files = filesOf(setup.value, resolve(globals.config));
    const judged = await judge(systemHost.files, files[0]!, options.out);
    if (!judged.ok) return printInvalidConfig(nameOption(judged.problem, join(options.out ?? '/', files[0]!.path)));
    const { config } = judged.value;
    const about = { setup: setup.value, facts: facts.value, config };
    const others = options.files ? await machineFiles(systemHost, pathsOf(globals), about) : [];
    const nextOf = (prepared: Prepared) => nextSteps(setup.value, facts.value, files[1]!.path, prepared);
    // With the package's own configuration dhcpcd serves every interface, IPv4 too: one that runs so is not to be taken away.
    const isIdle = !facts.value.clients.some(({ program }) => program === 'dhcpcd');
    const looked = await lookAt([{ files }, ...others], isIdle, options.out);
    if (!looked.ok) return printProblem(looked.problem);
    if (globals.json) return await deliverJson(looked.value, nextOf, options);
    return await deliver(looked.value, nextOf, options, questioner);
  } finally {
    questioner?.close();
  }
}

function filesOf(setup: Setup, config: string): readonly GeneratedFile[] {
  const text = draftSetup(setup, config);
  return [{ path: config, mode: 0o644, text }, routerSysctl({ interface: setup.uplink })];
}

/** What of the new file would be wrong, alone or with what is merged after it. */
async function judge(
  files: Files,
  { path, text }: GeneratedFile,
  root = '/',
): Promise<Result<ReadConfig, InvalidConfig>> {
  const loaded = loadConfig([{ name: path, text }]);
  if (!loaded.ok)
    throw new Error(`what init makes is refused: ${loaded.problem.map(({ message }) => message).join('; ')}`);
  return readConfig(withFile(files, join(root, path), text), join(root, path));
}

/** The file is not there yet: what is wrong with a key of it that an option wrote is said of the option. */
function nameOption(invalid: InvalidConfig, file: string): InvalidConfig {
  const problems = invalid.problems.map((problem) => {
    const [, what] = /^translate\[0\]\.offload: (.*)$/.exec(problem.message) ?? [];
    if (problem.file !== file || what === undefined) return problem;
    const mend = problem.mend?.replace('Take "offload: true" out', 'Leave --offload out');
    return { ...problem, message: `--offload: ${what}`, ...(mend !== undefined && { mend }) };
  });
  return { ...invalid, problems };
}

function withFile(files: Files, path: string, text: string): Files {
  return { ...files, read: async (asked) => (asked === path ? succeed(text) : files.read(asked)) };
}

interface LookedAt {
  readonly file: GeneratedFile;
  readonly target: string;
  /** What is there now. */
  readonly there: string | undefined;
  /** Somebody has put something of his own into what is there. */
  readonly differs: boolean;
}

interface LookedPart {
  readonly subject?: keyof Prepared;
  readonly files: readonly LookedAt[];
  readonly differs: boolean;
}

async function lookAt(parts: readonly Part[], isIdle: boolean, root = '/'): Promise<Result<readonly LookedPart[]>> {
  const looked: LookedPart[] = [];
  for (const { files, ...part } of parts) {
    const each: LookedAt[] = [];
    for (const file of files) {
      const target = join(root, file.path);
      const there = await systemHost.files.read(target);
      if (!there.ok) return there;
      const { value } = there;
      const isOther = value !== undefined && value !== file.text;
      const differs = isOther && !(isIdle && (await isUntouchedConffile(systemHost, file.path, value)));
      each.push({ file, target, there: value, differs });
    }
    looked.push({ ...part, files: each, differs: each.some(({ differs }) => differs) });
  }
  return succeed(looked);
}

type Next = (prepared: Prepared) => readonly NextStep[];

/** Without a question nothing is replaced that has something of somebody's own in it: the first part fails then, another is left. */
function chooseUnasked(parts: readonly LookedPart[], force: boolean): readonly LookedPart[] {
  return parts.filter(({ subject, differs }) => subject === undefined || force || !differs);
}

const preparedBy = (parts: readonly LookedPart[]): Prepared =>
  Object.fromEntries(parts.flatMap(({ subject }) => (subject === undefined ? [] : [[subject, true]])));

async function deliverJson(parts: readonly LookedPart[], next: Next, options: Delivery): Promise<number> {
  const writes = options.yes === true && !options.dryRun;
  const chosen = chooseUnasked(parts, options.force === true);
  if (writes) {
    const written = await write(chosen, options);
    if (!written.ok) return printProblem(written.problem);
  }
  const shown = JSON.parse(formatFilesJson(chosen.flatMap(({ files }) => files.map(({ file }) => file)))) as object;
  printData(`${JSON.stringify({ ...shown, written: writes, next: next(preparedBy(chosen)) })}\n`);
  return exitCodes.done;
}

async function deliver(
  parts: readonly LookedPart[],
  next: Next,
  options: Delivery,
  questioner: Questioner | undefined,
): Promise<number> {
  for (const { files } of parts) {
    for (const { file, target, there } of files) printData(formatFile(target, file.text, there));
  }
  if (options.dryRun) {
    printMessage('nothing was written\n');
    return exitCodes.done;
  }
  const chosen = questioner ? await askParts(parts, questioner) : succeed(chooseUnasked(parts, options.force === true));
  if (!chosen.ok) return printProblem(chosen.problem);
  if (chosen.value.length === 0) {
    printMessage('nothing was written\n');
    return exitCodes.done;
  }
  const written = await write(chosen.value, questioner ? { ...options, force: true } : options);
  if (!written.ok) return printProblem(written.problem);
  const colors = messageColors();
  for (const line of written.value) printMessage(`${line}\n`);
  printMessage(`\n${colors.bold('What to do next:')}\n`);
  for (const [index, { what, command }] of next(preparedBy(chosen.value)).entries()) {
    printMessage(`${index + 1}. ${what}\n${command === undefined ? '' : `     ${colors.bold(command)}\n`}`);
  }
  return exitCodes.done;
}

/** Without the first part there is nothing for the others to serve. */
async function askParts(
  [first, ...others]: readonly LookedPart[],
  questioner: Questioner,
): Promise<Result<readonly LookedPart[]>> {
  const chosen: LookedPart[] = [];
  const question = first!.differs ? 'Replace what is there by this?' : 'Write these files?';
  const answer = await questioner.confirm(question, !first!.differs);
  if (!answer.ok) return answer;
  if (!answer.value) return succeed(chosen);
  chosen.push(first!);
  for (const part of others) {
    const names = part.files.map(({ target }) => target).join(' and ');
    const also = await questioner.confirm(`${purposes[part.subject!]}: write ${names} too?`, !part.differs);
    if (!also.ok) return also;
    if (also.value) chosen.push(part);
  }
  return succeed(chosen);
}

const purposes: Readonly<Record<keyof Prepared, string>> = {
  client: 'The client that asks for the prefix',
  lans: 'The inside addresses',
};

function formatFile(path: string, text: string, there: string | undefined): string {
  if (there === text) return `==> ${path} is there as it should be\n\n`;
  if (there === undefined) return `==> ${path}\n${text}\n`;
  return `==> ${path} is there and would change\n${formatDiff(there, text)}\n`;
}

/** Of what is replaced a copy is kept. The configuration is below `out` too, so that it stands for a whole machine. */
async function write(
  parts: readonly LookedPart[],
  { out = '/', force }: Partial<Delivery>,
): Promise<Result<readonly string[]>> {
  const files = parts.flatMap((part) => part.files);
  const refused = new Set(files.filter(({ differs }) => differs && !force).map(({ file }) => file.path));
  const kept: string[] = [];
  for (const { file, target, there } of refused.size > 0 ? [] : files) {
    if (there === undefined || there === file.text) continue;
    const copy = await keepCopy(systemHost.files, join(out, '/var/backups/sixgate', file.path), there);
    if (!copy.ok) return copy;
    kept.push(`${target} as it was is ${copy.value}`);
  }
  const written = await writeTree(
    systemHost.files,
    files.map(({ file }) => file),
    out,
    (path) => !refused.has(path),
  );
  return written.ok ? succeed([...kept, ...written.value]) : written;
}

/** Where it is kept: under a number that none has yet, so that no copy is lost by a second run. */
async function keepCopy(files: Files, path: string, text: string): Promise<Result<string>> {
  const made = await files.makeDirectory(dirname(path), 0o700);
  if (!made.ok) return made;
  for (let number = 1; ; number++) {
    const copy = `${path}.${number}`;
    const there = await files.read(copy);
    if (!there.ok) return there;
    if (there.value === text) return succeed(copy);
    if (there.value !== undefined) continue;
    const written = await files.write(copy, text, 0o600);
    return written.ok ? succeed(copy) : written;
  }
}
