import { resolve } from 'node:path';
import type { ConfigSource } from '../config/read-yaml.ts';
import type { Problem } from '../core/problem.ts';
import { quote } from '../core/quote.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { socketPath, trialSocketPath } from '../daemon/paths.ts';
import { judgeSources, readConfig, type ReadConfig } from '../daemon/read-config.ts';
import { planPass } from '../daemon/reconcile.ts';
import { situationOf } from '../daemon/situation-of.ts';
import { reachDaemon, restore, type TrialOrder } from '../daemon/trial/keep-trial.ts';
import { takeSnapshot } from '../daemon/trial/kernel-snapshot.ts';
import type { TrialEvent, TrialRequest } from '../daemon/trial/trial-messages.ts';
import { recallBefore, removeTrialRecord } from '../daemon/trial/trial-record.ts';
import { openMessages } from '../host/message-stream.ts';
import { systemHost } from '../host/system-host.ts';
import { startDetached } from '../host/system-processes.ts';
import { exitCodes } from './exit-codes.ts';
import { usualConfig, usualRuntimeDir, type GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printInvalidConfig } from './print-invalid-config.ts';
import { formatSteps } from './print-plan.ts';
import { printProblem } from './print-problem.ts';
import { showProgress } from './show-progress.ts';
import { silentLog } from './silent-log.ts';
import { printData } from './terminal.ts';
import { waitForWord } from './wait-for-word.ts';

interface TryOptions {
  readonly timeout: string;
  readonly confirm?: true;
  readonly cancel?: true;
  readonly replace?: string;
}

export async function tryConfig(globals: GlobalOptions, options: TryOptions): Promise<number> {
  if (options.confirm || options.cancel) return askOther(globals, options.confirm ? 'confirm' : 'cancel');
  const timeout = readTime(options.timeout);
  if (!timeout.ok) return printProblem(timeout.problem);
  const prepared = await showProgress('looking at the kernel', prepare(globals, options.replace, timeout.value));
  if (!prepared.ok) return printInvalidConfig(prepared.problem);
  const { order, tried, isInForce } = prepared.value;

  const situation = await situationOf(systemHost, pathsOf(globals), tried.config, silentLog);
  const pass = await showProgress('looking at the kernel', planPass(systemHost, situation));
  if (pass.failure) return printProblem(pass.failure);
  const { steps } = pass.plan;
  if (!globals.json) printData(formatSteps(steps));
  for (const problem of pass.awaited) printProblem(problem);
  if (steps.length === 0 && isInForce) {
    if (globals.json) printJson({ outcome: 'nothing-to-do' });
    return exitCodes.done;
  }
  const outcome = await watchTrial(globals, order, tried);
  return printOutcome(globals, outcome, steps.length);
}

interface Prepared {
  readonly order: TrialOrder;
  readonly tried: ReadConfig;
  /** The texts are those in force already, as far as anybody knows. */
  readonly isInForce: boolean;
}

async function prepare(
  globals: GlobalOptions,
  replace: string | undefined,
  timeout: number,
): Promise<Result<Prepared>> {
  const daemon = await askDaemon(globals);
  const usual = globals.runtimeDir === usualRuntimeDir ? usualConfig : globals.config;
  const target = resolve(replace ?? daemon?.config ?? usual);
  const given = resolve(globals.config);
  const inPlace = given === target;
  const tried = await readConfig(systemHost.files, inPlace ? globals.config : target, globals.config);
  if (!tried.ok) return tried;
  const before = daemon?.sources ?? (inPlace ? undefined : await readSources(target));
  const { sources, config } = tried.value;
  const last = before && judgeSources(before);
  const backends = [config.backend, last?.ok && last.value.config.backend];
  const snapshot = await takeSnapshot(systemHost, backends.includes('ip6tables'));
  if (!snapshot.ok) return snapshot;
  const { stateless, chains } = snapshot.value;
  if ((stateless || chains) && !before) return fail(noWayBack(stateless ? 'mode: rfc6296' : 'backend: ip6tables'));
  const order = {
    tried: sources,
    ...(!inPlace && { install: target }),
    ...(before && { before }),
    snapshot: snapshot.value,
    timeout,
  };
  const isInForce = inPlace && (!daemon || textOf(daemon.sources) === textOf(sources));
  return succeed({ order, tried: tried.value, isInForce });
}

const textOf = (sources: readonly ConfigSource[]): string => JSON.stringify(sources.map(({ text }) => text));

async function readSources(path: string): Promise<readonly ConfigSource[] | undefined> {
  const read = await readConfig(systemHost.files, path);
  return read.ok ? read.value.sources : undefined;
}

async function askDaemon(globals: GlobalOptions) {
  const daemon = await reachDaemon(socketPath(pathsOf(globals)), () => {});
  const answer = await daemon?.ask({ ask: 'where' });
  daemon?.close();
  return answer?.is === 'here' ? answer : undefined;
}

/** Starts the process that keeps the trial, shows the time that is left, and passes on what is typed. */
async function watchTrial(globals: GlobalOptions, order: TrialOrder, tried: ReadConfig): Promise<TrialEvent> {
  let last: TrialEvent | undefined;
  let word: ReturnType<typeof waitForWord> | undefined;
  const event = await new Promise<TrialEvent | undefined>((settle) => {
    const paths = ['--config', globals.config, '--runtime-dir', globals.runtimeDir, '--state-dir', globals.stateDir];
    const keeper = startDetached({
      argv: [process.execPath, process.argv[1]!, 'try', '--keeper', ...paths],
      onLine(line) {
        last = JSON.parse(line) as TrialEvent;
        if (last.is !== 'applied') settle(last);
        else word = waitForWord(order.timeout, (ask) => say({ ask }));
      },
      onEnd: () => settle(last?.is === 'applied' ? undefined : last),
    });
    const say = (request: TrialRequest | TrialOrder): void => keeper.write(`${JSON.stringify(request)}\n`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => say({ ask: 'cancel' }));
    say(order);
  });
  word?.stop();
  if (event) return event;
  // It was killed: a daemon that runs has seen that and goes back before it answers; without one it is up to us.
  const problems = (await askDaemon(globals))
    ? []
    : await restore(systemHost, pathsOf(globals), silentLog, order, tried.config);
  await systemHost.files.remove(trialSocketPath(pathsOf(globals)));
  return { is: 'rolled-back', because: 'the process that kept it was killed', problems };
}

async function askOther(globals: GlobalOptions, ask: TrialRequest['ask']): Promise<number> {
  const event = await new Promise<TrialEvent | undefined>((settle) => {
    void openMessages(trialSocketPath(pathsOf(globals)), {
      onMessage: (message) => settle(message as TrialEvent),
      onEnd: () => settle(undefined),
    }).then((stream) => (stream ? stream.send({ ask }) : settle(undefined)));
  });
  if (!event) return ask === 'confirm' && (await confirmLeft(globals)) ? exitCodes.done : printProblem(noTrial);
  const code = printOutcome(globals, event);
  return ask === 'cancel' && event.is === 'rolled-back' && event.problems.length === 0 ? exitCodes.done : code;
}

/** Of a trial that nobody ended the files may say what is wanted; false where there is none. */
async function confirmLeft(globals: GlobalOptions): Promise<boolean> {
  const paths = pathsOf(globals);
  const read = await readConfig(systemHost.files, paths.config);
  if (!read.ok || !(await recallBefore(systemHost.files, paths, read.value.sources))) return false;
  await removeTrialRecord(systemHost.files, paths);
  if (globals.json) printJson({ outcome: 'confirmed' });
  else printData(`confirmed; the next start, reload or "sixgate apply" takes ${paths.config}\n`);
  return true;
}

function printOutcome(globals: GlobalOptions, event: TrialEvent, steps?: number): number {
  if (event.is === 'failed') return printProblem(event.problem);
  if (globals.json) printJson({ outcome: event.is, ...event, is: undefined, steps });
  if (event.is === 'confirmed') {
    const where = event.installed === undefined ? '' : `; it is ${event.installed} now`;
    if (!globals.json) printData(`confirmed${where}\n`);
    return exitCodes.done;
  }
  if (event.is !== 'rolled-back') throw new Error(`a trial ended with ${event.is}`);
  if (!globals.json) printData(`all is as it was before: ${event.because}\n`);
  for (const problem of event.problems) printProblem(problem);
  return event.problems.length > 0 ? exitCodes.failed : exitCodes.no;
}

function printJson(value: object): void {
  printData(`${JSON.stringify({ schemaVersion: 1, ...value })}\n`);
}

/** Milliseconds. */
function readTime(text: string): Result<number> {
  const [, digits, unit] = /^(\d{1,5})(s|m|min)?$/.exec(text) ?? [];
  const seconds = Number(digits ?? 0) * (unit === undefined || unit === 's' ? 1 : 60);
  if (seconds >= 1 && seconds <= 86_400) return succeed(seconds * 1000);
  const message = `${quote(text)} is not a time to wait: 1s to 24 hours, as in 120s or 5m`;
  return fail({ code: 'try-time', message });
}

const noTrial: Problem = { code: 'try-missing', message: 'no configuration is being tried' };
const noWayBack = (what: string): Problem => ({
  code: 'try-no-way-back',
  message: `${what} is in force, and nobody knows by which configuration: there would be no way back`,
  mend: 'Leave the file in use as it is, and name the new one: --config FILE.',
});
