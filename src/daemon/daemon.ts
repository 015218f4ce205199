import type { Prefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import { succeed, type Result } from '../core/result.ts';
import type { Config } from '../engine/config.ts';
import { deriveLingering, type Lingering } from '../engine/lingering.ts';
import { dropExpired, mergeReport } from '../engine/merge-report.ts';
import type { Delegation, LeaseReport } from '../engine/delegation.ts';
import { recordHistory } from '../engine/prefix-history.ts';
import { deriveReport, type Activity, type Report } from '../engine/report.ts';
import { compareProblems, keepSince, type StandingProblem } from '../engine/standing-problems.ts';
import type { Host } from '../host/host.ts';
import { claimSocket } from '../host/single-instance.ts';
import { createFlowSweeper } from './flow-sweeper.ts';
import { holdGuard, type HeldGuard } from './held-guard.ts';
import type { Log } from './log.ts';
import { startLoop } from './loop.ts';
import { missingInterfaces } from './missing-interfaces.ts';
import { readHeldCounters, type Observation } from './observe-kernel.ts';
import { socketPath, statePath, type Paths } from './paths.ts';
import { readConfig } from './read-config.ts';
import { reconcile, type Pass } from './reconcile.ts';
import type { ServiceManager } from './service-manager.ts';
import type { Source } from './sources/source.ts';
import { startSources } from './sources/sources.ts';
import { readDelegations, readHistory, storeDelegations, storeHistory } from './stored-delegations.ts';
import { watchKernel } from './watch-kernel.ts';

export interface DaemonOptions {
  readonly host: Host;
  readonly paths: Paths;
  readonly dhcpcdDir: string;
  readonly log: Log;
  readonly service: ServiceManager;
  readonly version: string;
  readonly pid: number;
}

export interface Daemon {
  /** Reads the configuration again; where it is wrong, the one in force stays. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything and returns when the guard stands (or when it is known why it can't). */
export async function startDaemon(options: DaemonOptions): Promise<Result<Daemon>> {
  const { host, paths, log, service } = options;
  const read = await readConfig(host.files, paths.config);
  if (!read.ok) return read;
  let config: Config = read.value.config;

  for (const directory of [paths.runtimeDir, paths.stateDir]) {
    const made = await host.files.makeDirectory(directory);
    if (!made.ok) return made;
  }
  const claim = await claimSocket(socketPath(paths));
  if (!claim.ok) return claim;

  const startedAt = host.clock.now();
  let delegations: readonly Delegation[] = await readDelegations(host, paths, config, log);
  /** As of the last pass, and as they are on the disk. */
  let stored = delegations;
  let lingering: readonly Lingering[] = [];
  let history = await readHistory(host, paths);
  let standing: readonly StandingProblem[] = [];
  let activity: Activity = { changes: 0, repairs: 0, flowsMoved: 0, lastChange: null };
  /** What the kernel was seen to hold, for as long as nothing says that it can have changed. */
  let seen: Observation | undefined;
  /** How often something said that the kernel can have changed. */
  let changesSeen = 0;
  let counters: ReadonlyMap<string, number> = new Map();
  let guard: HeldGuard;
  let guardSince = startedAt;
  let sources: Source | undefined;
  const sourceProblems = new Map<string, Problem>();
  /** By uplink: what was delegated and can't be used. */
  const refused = new Map<string, readonly Problem[]>();
  let configProblem: Problem | undefined;
  let lastReport = '';
  let newsSince: number | undefined = host.clock.monotonic();

  const pass = async (): Promise<{ failed: boolean; until: number }> => {
    const started = host.clock.monotonic();
    const cause = newsSince;
    newsSince = undefined;
    const now = host.clock.now();
    // A report that comes during the pass is for the next one.
    const held = (delegations = dropExpired(delegations, now));
    lingering = deriveLingering(lingering, stored, held, now);
    const before = changesSeen;
    const done = await reconcile(host, { config, delegations: held, lingering }, seen, (flows) => sweeper.sweep(flows));
    if (done.observation !== seen) counters = await readHeldCounters(host.processes, done.observation);
    // What was read is worth nothing for the next pass where a change was told of meanwhile.
    const current = before === changesSeen && done.plan.steps.length === 0 && !done.failure;
    seen = current ? done.observation : undefined;
    describe(done, started, cause);
    if (held !== stored) {
      stored = held;
      await storeDelegations(host, paths, held, log);
      await remember();
    }
    await report(done);
    if (done.applied) loop.wake(); // the second plan must be empty
    return { failed: done.failure !== undefined, until: done.desired.until };
  };

  async function remember(): Promise<void> {
    const next = recordHistory(history, delegations, host.clock.now());
    if (next === history) return;
    history = next;
    await storeHistory(host, paths, history, log);
  }

  function countMoved(flows: number): void {
    log.info(`${flows} flows moved to the mapping in force`);
    activity = { ...activity, flowsMoved: activity.flowsMoved + flows };
  }
  const sweeper = createFlowSweeper(
    host.processes,
    (flows) => {
      countMoved(flows);
      loop.wake(); // for the report
    },
    (problem) => log.warn(problem.message),
  );

  function describe(done: Pass, started: number, cause: number | undefined): void {
    if (!done.applied) return;
    const took = Math.round((host.clock.monotonic() - (cause ?? started)) * 10) / 10;
    const because = done.plan.steps.filter((step) => step.do !== 'delete-flows').map((step) => step.because);
    for (const sentence of new Set(because)) log.info(sentence);
    const { flowsMoved, leftovers } = done.applied;
    if (flowsMoved > 0) countMoved(flowsMoved);
    for (const leftover of leftovers) log.warn(leftover.message);
    const news = cause !== undefined;
    activity = {
      changes: activity.changes + (news ? 1 : 0),
      repairs: activity.repairs + (news ? 0 : 1),
      flowsMoved: activity.flowsMoved,
      lastChange: { at: new Date(host.clock.now()).toISOString(), took, because: [...new Set(because)] },
    };
  }

  async function report(done: Pass): Promise<void> {
    const problems = [
      ...(configProblem ? [configProblem] : []),
      ...(await missingInterfaces(host.files, config)),
      ...(done.failure ? [done.failure] : []),
      ...(guardNotHeld(done) ? [guardNotHeldProblem] : []),
      ...(done.applied?.leftovers ?? []),
      ...sourceProblems.values(),
      ...[...refused.values()].flat(),
      ...done.desired.problems,
    ];
    const now = host.clock.now();
    const before = standing;
    standing = keepSince(before, problems, now);
    const { begun, ended } = compareProblems(before, standing);
    for (const { problem } of begun) log.warn(problem.mend ? `${problem.message}. ${problem.mend}` : problem.message);
    for (const { problem } of ended) log.info(`over: ${problem.message}`);
    const next = deriveReport({
      now,
      daemon: {
        pid: options.pid,
        since: new Date(startedAt).toISOString(),
        version: options.version,
        guardHeld: done.observation.tableNames.includes(guard.table),
      },
      desired: done.desired,
      delegations,
      history,
      counters,
      activity,
      problems: standing,
    });
    service.status(summary(next));
    const comparable = JSON.stringify({ ...next, written: '' });
    if (comparable === lastReport) return;
    lastReport = comparable;
    const written = await host.files.write(statePath(paths), `${JSON.stringify(next, undefined, 2)}\n`);
    if (!written.ok) log.warn(written.problem.message);
  }

  const guardNotHeld = ({ observation }: Pass): boolean =>
    observation.state.known && host.clock.now() - guardSince > 150 && !observation.tableNames.includes(guard.table);

  const loop = startLoop(host.clock, pass);

  /** Something happened: a report of a client, a repair that is due, a deadline. */
  const news = (): void => {
    newsSince ??= host.clock.monotonic();
    loop.wake();
  };
  const lookAgain = (): void => {
    changesSeen++;
    seen = undefined;
    loop.wake();
  };
  const onReport = (uplink: string, lease: LeaseReport): void => {
    const networks = config.networks.map((network) => network.prefix);
    const merged = mergeReport(delegations, lease, uplink, host.clock.now(), networks);
    // What a client said last stands as a problem until it says something that can be used.
    if (merged.refused.length > 0) refused.set(uplink, merged.refused);
    else if (lease.prefixes.length > 0) refused.delete(uplink);
    delegations = merged.delegations;
    news();
  };
  const onProblem = (key: string, problem: Problem | undefined): void => {
    if (problem) sourceProblems.set(key, problem);
    else sourceProblems.delete(key);
    loop.wake();
  };
  const startGuard = (): HeldGuard => {
    guardSince = host.clock.now();
    host.clock.after(200, lookAgain); // by then it stands, or it is known that it does not
    return holdGuard(host, config, (how) => {
      log.warn(`the held copy of the guard is gone (${how}); it is made again`);
      host.clock.after(1000, () => (guard = startGuard()));
    });
  };

  const held = (uplink: string): Prefix[] =>
    delegations.filter((delegation) => delegation.uplink === uplink).map(({ prefix }) => prefix);
  const watchSources = (): Source =>
    startSources({ host, config, paths, dhcpcdDir: options.dhcpcdDir, log, held, onReport, onProblem });

  guard = startGuard();
  await remember();
  await pass();
  const kernel = watchKernel(host, lookAgain);
  sources = watchSources();
  service.ready('the guard stands');
  loop.wake();

  return succeed({
    async reload() {
      const next = await readConfig(host.files, paths.config);
      configProblem = next.ok ? undefined : next.problem;
      if (next.ok) {
        config = next.value.config;
        const before = guard;
        guard = startGuard();
        await before.stop();
        await sources?.stop();
        sourceProblems.clear();
        refused.clear();
        sources = watchSources();
        delegations = await readDelegations(host, paths, config, log);
        log.info('the configuration was read again');
      }
      lookAgain();
      news();
    },
    async stop() {
      service.stopping();
      service.stop();
      await sources?.stop();
      await kernel.stop();
      await loop.stop();
      await sweeper.idle();
      await guard.stop();
      await claim.value();
    },
  });
}

const guardNotHeldProblem: Problem = {
  code: 'guard-not-held',
  message: 'the guard could not be held: while somebody flushes the ruleset, packets can leave untranslated',
  mend: 'It needs Linux 5.12 and nft 0.9.9 or newer; until then reload other firewalls without "flush ruleset".',
};

function summary(report: Report): string {
  const mapped = report.mappings
    .filter(({ direction }) => direction === 'both')
    .map(({ inside, outside }) => `${inside} <-> ${outside}`);
  const state = mapped.length > 0 ? mapped.join(', ') : 'no prefix; the guard holds';
  return report.problems.length > 0 ? `${state}; ${report.problems.length} problem(s)` : state;
}
