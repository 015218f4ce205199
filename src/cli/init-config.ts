import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { draftSetup } from '../config/draft-setup.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Problem } from '../core/problem.ts';
import { succeed, type Result } from '../core/result.ts';
import { readConfig } from '../daemon/read-config.ts';
import { readSetupFacts } from '../daemon/setup/read-setup-facts.ts';
import { nextSteps, type NextStep } from '../engine/setup/next-steps.ts';
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
import { openQuestioner, type Questioner } from './questioner.ts';
import { showProgress } from './show-progress.ts';
import { messageColors, printData, printMessage } from './terminal.ts';

interface Delivery {
  readonly yes?: true;
  readonly force?: true;
  readonly dryRun?: true;
  readonly out?: string;
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
    if (judged !== undefined) return printInvalidConfig(judged);
    const next = nextSteps(setup.value, facts.value, files[1]!.path);
    if (globals.json) return await deliverJson(files, next, options);
    return await deliver(files, next, options, questioner);
  } finally {
    questioner?.close();
  }
}

function filesOf(setup: Setup, config: string): readonly GeneratedFile[] {
  const text = draftSetup(setup, config);
  return [{ path: config, mode: 0o644, text }, routerSysctl({ interface: setup.uplink })];
}

/** What of the new file would be wrong, alone or with what is merged after it. */
async function judge(files: Files, { path, text }: GeneratedFile, root = '/'): Promise<Problem | undefined> {
  const loaded = loadConfig([{ name: path, text }]);
  if (!loaded.ok)
    throw new Error(`what init makes is refused: ${loaded.problem.map(({ message }) => message).join('; ')}`);
  const merged = await readConfig(withFile(files, join(root, path), text), join(root, path));
  return merged.ok ? undefined : merged.problem;
}

function withFile(files: Files, path: string, text: string): Files {
  return { ...files, read: async (asked) => (asked === path ? succeed(text) : files.read(asked)) };
}

async function deliverJson(
  files: readonly GeneratedFile[],
  next: readonly NextStep[],
  options: Delivery,
): Promise<number> {
  const writes = options.yes === true && !options.dryRun;
  if (writes) {
    const written = await write(files, options);
    if (!written.ok) return printProblem(written.problem);
  }
  const shown = JSON.parse(formatFilesJson(files)) as object;
  printData(`${JSON.stringify({ ...shown, written: writes, next })}\n`);
  return exitCodes.done;
}

async function deliver(
  files: readonly GeneratedFile[],
  next: readonly NextStep[],
  options: Delivery,
  questioner: Questioner | undefined,
): Promise<number> {
  const root = options.out ?? '/';
  let differs = false;
  for (const file of files) {
    const path = join(root, file.path);
    const there = await systemHost.files.read(path);
    if (!there.ok) return printProblem(there.problem);
    differs ||= there.value !== undefined && there.value !== file.text;
    printData(formatFile(path, file.text, there.value));
  }
  if (options.dryRun) {
    printMessage('nothing was written\n');
    return exitCodes.done;
  }
  let force = options.force === true;
  if (questioner) {
    const question = differs ? 'Replace what is there by this?' : 'Write these files?';
    const answer = await questioner.confirm(question, !differs);
    if (!answer.ok) return printProblem(answer.problem);
    if (!answer.value) {
      printMessage('nothing was written\n');
      return exitCodes.done;
    }
    force = true;
  }
  const written = await write(files, { ...options, ...(force && { force }) });
  if (!written.ok) return printProblem(written.problem);
  const colors = messageColors();
  for (const line of written.value) printMessage(`${line}\n`);
  printMessage(`\n${colors.bold('What to do next:')}\n`);
  for (const [index, { what, command }] of next.entries()) {
    printMessage(`${index + 1}. ${what}\n${command === undefined ? '' : `     ${colors.bold(command)}\n`}`);
  }
  return exitCodes.done;
}

function formatFile(path: string, text: string, there: string | undefined): string {
  if (there === text) return `==> ${path} is there as it should be\n\n`;
  if (there === undefined) return `==> ${path}\n${text}\n`;
  return `==> ${path} is there and would change\n${formatDiff(there, text)}\n`;
}

/** The configuration is `root` joined with its path too, so that --out stands for a whole machine. */
function write(files: readonly GeneratedFile[], { out, force }: Delivery): Promise<Result<readonly string[]>> {
  return writeTree(systemHost.files, files, out ?? '/', force === true);
}
