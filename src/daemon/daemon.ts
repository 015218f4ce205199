import type { Socket } from 'node:net';
import { statelessInterfaces } from '../backend/nft/guard-rules.ts';
import { nativePrefixes } from '../backend/nft/guard-table.ts';
import { restoreCommand } from '../backend/ip6tables/compile-restore.ts';
import type { ProblemCode } from '../core/problem-codes.ts';
import type { Problem } from '../core/problem.ts';
import type { Config } from '../engine/config.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { selectLeftBehind } from '../engine/plan-flows.ts';
import { chosenFirst } from '../engine/steering.ts';
import { standsBy } from '../engine/role.ts';
import { shareLists } from '../engine/share-lists.ts';
import type { Host } from '../host/host.ts';
import { repeat } from '../host/repeat.ts';
import { claimSocket } from '../host/single-instance.ts';
import { createActivityLog } from './activity-log.ts';
import { createAdvertiser } from './advertiser.ts';
import { clearLeftovers } from './clear-leftovers.ts';
import { clearOtherBackend } from './clear-other-backend.ts';
import { createDnsKeeper } from './dns-keeper.ts';
import { createFlowSweeper } from './flow-sweeper.ts';
import { keepFirstGuard } from './first-guard.ts';
import { createGuardKeeper } from './guard-keeper.ts';
import { createHookRunner } from './hook-runner.ts';
import { createHealthKeeper } from './health-keeper.ts';
import { createKernelView, elsewhere } from './kernel-view.ts';
import type { UplinkLink } from '../engine/uplink-link.ts';
import { keepConfig } from './last-config.ts';
import type { Log } from './log.ts';
import { startLoop, type PassEnd } from './loop.ts';
import { openMemory } from './memory.ts';
import { missingInterfaces } from './missing-interfaces.ts';
import { readCounters, readHeldCounters, type Observation } from './observe-kernel.ts';
import { hooksPath, socketPath, statePath, type Paths } from './paths.ts';
import { readConfig, type ReadConfig } from './read-config.ts';
import { reconcile, type Pass } from './reconcile.ts';
import { readNodeIdentity } from './read-node-identity.ts';
import { keepRole } from './role-keeper.ts';
import { readDelegations } from './stored-delegations.ts';
import { createReporter, reportsEvery } from './reporter.ts';
import type { ServiceManager } from './service-manager.ts';
import { fellBack, readStartingConfig } from './starting-config.ts';
import type { Source } from './sources/source.ts';
import { startSources } from './sources/sources.ts';
import { filterCommand, routeCommand, transactionCommand } from './waiting-commands.ts';
import { createTrialDesk } from './trial/trial-desk.ts';
import { createTrialPowers } from './trial/trial-powers.ts';
import { removeTrialRecord } from './trial/trial-record.ts';
import { watchKernel } from './watch-kernel.ts';
import { keepFilter } from './xen/keep-filter.ts';
import { readRecords } from './xen/vif-records.ts';

export interface DaemonOptions {
  readonly host: Host;
  readonly paths: Paths;
  readonly dhcpcdDir: string;
  readonly log: Log;
  readonly service: ServiceManager;
  readonly version: string;
  readonly pid: number;
  /** Starts with the configuration that was in force last where the files are wrong. */
  readonly fallBack: boolean;
}

export interface Daemon {
  /** Reads the configuration again; where it is wrong, the one in force stays. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** What does not get better by waiting. */
const hopeless: ReadonlySet<ProblemCode> = new Set([
  'not-permitted',
  'program-missing',
  'program-refused',
  'program-unusable',
  'tool-missing',
]);

/** After how long what failed beside a pass is tried again, in milliseconds. */
const retryPause = 1000;

/** Whether something was left undone, which may be flows that were to be deleted. */
function leavesFlows({ applied }: Pass): boolean {
  return (applied?.leftovers.length ?? 0) > 0;
}

/** Where this pass changed the kernel; undefined where it failed, or did more than change elements and what is no table. */
function placesChanged({ plan: { steps }, failure }: Pass): string[] | undefined {
  if (failure) return undefined;
  const places: string[] = [];
  for (const step of steps) {
    if (step.do === 'change-elements') places.push(...step.changes.map(({ set }) => `${step.table} ${set}`));
    else if (step.do.endsWith('-table')) return undefined;
    else places.push(elsewhere);
  }
  return places;
}

/** What was seen, for the next pass to compare with. */
function shareKnown({ observation, wanted }: Pass): Observation {
  const { state } = observation;
  return state.known ? { ...observation, state: { known: true, value: shareLists(state.value, wanted) } } : observation;
}

/** Starts everything and returns when the guard stands (or when it is known why it can't). */
export async function startDaemon(options: DaemonOptions): Promise<Result<Daemon>> {
  const { host, paths, log, service, version, pid } = options;
  const begin = await readStartingConfig(host.files, paths, log, options);
  if (!begin.ok) return begin;
  let { config, sources: texts } = begin.value.read;
  // Where there is no room for it to run, the guard has to stand all the same.
  const giveUp = async <T>(why: T): Promise<T> => {
    await reconcile(host, { config, ...(await readDelegations(host, paths, config, log)) });
    return why;
  };
  for (const directory of [paths.runtimeDir, paths.stateDir]) {
    const made = await host.files.makeDirectory(directory);
    if (!made.ok) return giveUp(made);
  }
  const early: Socket[] = [];
  let onClient = (client: Socket): void => void early.push(client);
  const claim = await claimSocket(socketPath(paths), host.processes, (client) => onClient(client));
  if (!claim.ok) return claim.problem.code === 'already-running' ? claim : giveUp(claim);
  await clearLeftovers(host, paths, pid);

  const since = new Date(host.clock.now()).toISOString();
  const memory = await openMemory(host, paths, config, log);
  let running = false;
  let ending = false;
  let sources: Source | undefined;
  /** One after the other, so that none is started twice. */
  let turning = Promise.resolve();
  let hearing = Promise.resolve();
  const twin = await keepRole(host, paths, config, () => {
    log.info(standsBy(twin.role) ? 'this router stands by now' : 'this router is the active one now');
    // At once: what is told in between is not heard, and must not count as known when it is told again.
    if (standsBy(twin.role)) turnSources(false);
    else memory.doubt(config);
    news();
  });
  const kernel = createKernelView();
  const health = await createHealthKeeper(
    host,
    paths,
    config,
    log,
    (turned) => (turned ? news() : loop.wake()),
    () => loop.idle(),
  );
  const activityLog = createActivityLog(host, log);
  const reporter = createReporter(host, paths, log, service);
  const advertiser = createAdvertiser(host, paths, log);
  /** Flows may be on a course that leads nowhere: a run before this one, or a step that failed, can have left them. */
  let sweepDue = true;
  const sweeper = createFlowSweeper(
    host,
    (flows) => {
      activityLog.countMoved(flows);
      loop.wake(); // for the report
    },
    (problem) => {
      if (problem.code === 'tool-missing') return; // it is a problem until the next change
      sweepDue = true;
      wakeLater();
    },
  );
  let cancelLater = (): void => {};
  /** For what failed beside the pass. */
  function wakeLater(): void {
    cancelLater();
    cancelLater = host.clock.after(retryPause, () => loop.wake());
  }
  let counters: ReadonlyMap<string, number> = new Map();
  let { problem: configProblem, instead } = begin.value;
  const keeper = keepConfig(host.files, paths, version);
  const firstGuard = keepFirstGuard(host.files, paths);
  const keepProblem = (): Problem | undefined => keeper.problem() ?? firstGuard.problem();
  let isTrying = (): boolean => false;
  const sourceProblems = new Map<string, Problem>();
  /** When the first news came that no pass has taken up yet; a pass without news puts something right. */
  let newsSince: number | undefined = host.clock.monotonic();

  let failure: Problem | undefined;
  /** Rules of the other backend may be there, of a run before this one or of the configuration before: they go once these are in force. */
  let switched = true;
  let tableNames: readonly string[] = [];
  const pass = async (): Promise<PassEnd> => {
    const started = host.clock.monotonic();
    const began = newsSince;
    newsSince = undefined;
    const { role } = twin;
    const inForce = texts;
    const settling = unsettled.splice(0);
    const situation = { config, role, health: health.health(), ...memory.settle() };
    // Beside the work on the kernel: killed in between, the next run must not go back to what was before.
    const storing = memory.store();
    const recalled = kernel.recall();
    const before = kernel.recallPart();
    const end = kernel.begin();
    const done = await reconcile(host, situation, {
      seen: recalled,
      before,
      later: (flows) => sweeper.sweep(flows),
      runtimeDir: paths.runtimeDir,
    });
    if (!done.plan.held) {
      const { links } = done.observation;
      await guard.hold(config, done.wanted.stateless?.detours ?? [], links, nativePrefixes(done.desired));
    }
    if (done.observation !== recalled && !done.observation.partly) {
      counters = await readHeldCounters(host.processes, done.observation);
    }
    ({ tableNames } = done.observation);
    end(shareKnown(done), placesChanged(done));
    activityLog.record(done, began, started);
    failure = done.failure;
    // What failed is still to be put in force.
    if (failure) newsSince = began ?? newsSince;
    if (failure || leavesFlows(done)) sweepDue = true;
    health.see(done.observation, done.plan.held || done.plan.steps.length > 0 || failure !== undefined);
    turnSources(!standsBy(role));
    // What is said inside is true once it is in force.
    if (!failure) await advertiser.follow(done.desired);
    const stored = await storing;
    if (stored) for (const tell of settling) tell();
    else unsettled.push(...settling);
    // What is tried, or was replaced meanwhile, is nothing to go back to.
    if (!failure && !isTrying() && situation.config === config) keep(inForce, situation);
    const reported = await report(done);
    if (!stored || !reported) wakeLater();
    if (sweepDue && !failure && done.plan.steps.length === 0 && !standsBy(role)) {
      sweepDue = false;
      sweeper.sweep(
        selectLeftBehind(
          done.wanted,
          config.networks.map(({ prefix }) => prefix),
        ),
      );
    }
    // The second plan must be empty; one that failed is tried again after a pause.
    if (done.applied && !failure) loop.wake();
    if (done.observation !== recalled) lookWhenDue(done.observation.uplinks);
    // In iptables the guard is nothing by itself, so the other one's goes when the held copy stands.
    const guards = config.backend !== 'ip6tables' || guard.isSettled(done.observation);
    if (switched && guards && situation.config === config && !done.plan.held && !done.failure) {
      switched = false;
      await clearOtherBackend(host, config.backend ?? 'nftables', log);
    }
    if (situation.config === config) for (const tell of passed.splice(0)) tell(failure);
    return { failed: done.failure !== undefined, due: done.desired.until - situation.now };
  };
  /** Beside the passes: neither the guard nor a prefix waits for the disk. */
  let keeping = Promise.resolve();
  function keep(sources: typeof texts, situation: { config: Config; now: number }): void {
    keeping = keeping.then(async () => {
      const before = keepProblem();
      await keeper.keep(sources, situation.now);
      await firstGuard.keep(situation.config);
      if (keepProblem()) wakeLater();
      else if (before) loop.wake(); // for the report
    });
  }
  /** Who waits for what was told to be on the disk. */
  const unsettled: (() => void)[] = [];
  const loop = startLoop(host.clock, pass);
  /** Who waits for a pass with the configuration of now. */
  const passed: ((failure: Problem | undefined) => void)[] = [];
  const lookAgain = (where?: string): void => {
    kernel.forget(where);
    loop.wake();
  };
  /** A route that runs out is told by nobody, and one that was announced again neither. */
  let cancelLook = (): void => {};
  function lookWhenDue(uplinks: readonly UplinkLink[]): void {
    cancelLook();
    const seconds = Math.min(...uplinks.map(({ lasts }) => lasts));
    if (seconds < Infinity) cancelLook = host.clock.after((seconds + 1) * 1000, () => lookAgain());
  }
  const news = (): void => {
    newsSince ??= host.clock.monotonic();
    loop.wake();
  };
  const guard = createGuardKeeper(host, log, lookAgain);
  const countGuarded = async (): Promise<void> => {
    const read = await readCounters(host.processes, tableNames, config.backend);
    counters = read.counters;
    // A table that was there is not: a monitor that missed it would never tell.
    if (read.complete) loop.wake();
    else lookAgain();
  };

  /** False where it could not be written. */
  async function report({ desired, observation, failure: failed, awaited, applied }: Pass): Promise<boolean> {
    const notHeld = guard.problem(observation);
    const notSwept = sweeper.failure();
    const unkept = keepProblem();
    // Whoever ends a whole group of processes has ended the tools too.
    const isTold = failed && !(ending && failed.code === 'tool-killed');
    const problems = [
      ...(configProblem ? [configProblem] : []),
      ...(await missingInterfaces(host.files, config)),
      ...(isTold ? [failed] : []),
      ...awaited,
      ...(notHeld ? [notHeld] : []),
      ...(applied?.leftovers ?? []),
      ...(notSwept ? [notSwept] : []),
      ...sourceProblems.values(),
      ...memory.problems(),
      ...(unkept ? [unkept] : []),
      ...hooks.problems(),
      ...dns.problems(),
      ...desired.problems,
    ];
    const daemon = { pid, since, version, guardHeld: guard.isHeld(observation), reportsEvery };
    const facts = {
      daemon,
      desired,
      inForce: failed === undefined && awaited.length === 0,
      counters,
      role: twin.role,
      health: health.health(),
      identity: await readNodeIdentity(host, paths, config),
      delegations: memory.delegations(),
      history: memory.history(),
      guests: config.xen && (await readRecords(host.files, paths.runtimeDir)).states,
    };
    const { report: told, written } = await reporter.report({ ...facts, activity: activityLog.activity }, problems);
    if (failed) return written;
    hooks.note(told);
    dns.follow(config, chosenFirst(desired.mappings, desired.steering));
    return written;
  }

  const dns = createDnsKeeper(host, log, () => loop.wake());
  const hooks = createHookRunner({
    host,
    directory: hooksPath(paths),
    statePath: statePath(paths),
    log,
    onChange: () => loop.wake(),
  });

  const watchSources = (): Source =>
    startSources({
      host,
      config,
      paths,
      dhcpcdDir: options.dhcpcdDir,
      log,
      held: (uplink) => memory.delegationsOf(uplink),
      kept() {
        const settled = new Promise<void>((resolve) => unsettled.push(resolve));
        // Only now: the pass may begin within this call, and it takes along who waits by then.
        loop.wake();
        return settled;
      },
      onReport(uplink, lease) {
        const hear = (): void => {
          // What a client says while it is being ended is not about the prefix, which goes on at the other router.
          if (standsBy(twin.role)) return;
          memory.merge(uplink, lease, config);
          news();
        };
        // A client that was started by the word that made this router the active one can be heard before the word is.
        if (standsBy(twin.role)) hearing = hearing.then(() => twin.look()).then(hear);
        else hear();
      },
      onProblem(key, problem) {
        if (problem) sourceProblems.set(key, problem);
        else sourceProblems.delete(key);
        loop.wake();
      },
    });

  /** Only the active one of two routers hears of prefixes; on after a pass, so that what is known is in force first. */
  function turnSources(on: boolean, how?: 'ending'): void {
    if (!running) return;
    turning = turning.then(async () => {
      if (on === (sources !== undefined)) return;
      health.ask(on);
      if (on) sources = watchSources();
      else {
        await sources?.stop(how);
        sources = undefined;
        sourceProblems.clear();
      }
    });
  }

  // One that does not know the exceptions yet would stop what has gone through them since before our start.
  if (isClosed(config)) await guard.hold(config);
  // By the loop, since the guard or a sweep can ask for another pass while the first one runs.
  loop.wake();
  await loop.idle();
  if (failure && hopeless.has(failure.code)) {
    cancelLater();
    await loop.stop();
    twin.stop();
    await guard.stop();
    await claim.value();
    return fail(failure);
  }
  // What puts a new prefix in force is started before it comes.
  const release = [
    config.backend === 'ip6tables' ? restoreCommand : transactionCommand,
    routeCommand,
    ...(statelessInterfaces(config).length > 0 ? [filterCommand] : []),
  ].map((argv) => host.processes.keepReady(argv));
  let watch = watchKernel(host, config, lookAgain);
  const startFilter = () => (config.xen ? keepFilter(host, paths.runtimeDir, log) : undefined);
  let guestFilter = startFilter();
  running = true;
  turnSources(!standsBy(twin.role));
  // Between the passes, so that no prefix has to wait for it; the pass that follows only reports.
  const stopCounting = repeat(host.clock, reportsEvery * 1000, countGuarded);
  service.ready('the guard stands');
  loop.wake();

  /** Changes to another configuration; `remember` sees to what is known of delegations. */
  async function follow(next: ReadConfig, remember: (config: Config) => void): Promise<void> {
    switched ||= next.config.backend !== config.backend;
    ({ config, sources: texts } = next);
    if (isClosed(config)) await guard.hold(config);
    turnSources(false);
    await turning;
    remember(config);
    health.reload(config);
    await twin.reload(config);
    turnSources(!standsBy(twin.role));
    await watch.stop();
    watch = watchKernel(host, config, lookAgain);
    guestFilter ??= startFilter();
  }
  function passOnce(): Promise<Problem | undefined> {
    const done = new Promise<Problem | undefined>((resolve) => passed.push(resolve));
    kernel.forget();
    news();
    return done;
  }

  const powers = createTrialPowers({
    files: host.files,
    paths,
    log,
    memory,
    current: () => ({ config, sources: texts, warnings: [] }),
    follow,
    pass: passOnce,
    onKept: () => void (instead = configProblem = undefined),
  });
  isTrying = () => powers.isOn();
  const trials = createTrialDesk(host.clock, powers);
  onClient = (client) => trials.serve(client);
  for (const client of early) trials.serve(client);

  /** With a wrong file what is in force stays, and a trial goes on. */
  async function reload(): Promise<void> {
    const next = await readConfig(host.files, paths.config);
    if (next.ok) return trials.interrupt(() => takeFiles(next.value));
    configProblem = instead ? fellBack(next.problem, instead) : next.problem;
    kernel.forget();
    news();
  }
  async function takeFiles(next: ReadConfig): Promise<void> {
    configProblem = instead = undefined;
    await removeTrialRecord(host.files, paths);
    await follow(next, (wanted) => memory.reload(wanted));
    log.info('the configuration was read again');
    kernel.forget();
    news();
  }

  return succeed({
    reload,
    async stop() {
      service.stopping();
      ending = true;
      guard.letGo();
      hooks.stop();
      dns.stop();
      service.stop();
      stopCounting();
      cancelLater();
      cancelLook();
      twin.stop();
      turnSources(false, 'ending');
      running = false;
      await turning;
      await watch.stop();
      await guestFilter?.stop();
      await loop.stop();
      health.stop();
      await sweeper.idle();
      await keeping;
      for (const end of release) end();
      await guard.stop();
      await claim.value();
    },
  });
}

/** A guard of this configuration lets out nothing with an inside address, whatever is known. */
function isClosed(config: Config): boolean {
  return statelessInterfaces(config).length === 0 && !config.translations.some(({ native }) => native);
}
