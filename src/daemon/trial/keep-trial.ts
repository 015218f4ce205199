import type { ConfigSource } from '../../config/read-yaml.ts';
import type { Problem } from '../../core/problem.ts';
import type { Config } from '../../engine/config.ts';
import type { Host } from '../../host/host.ts';
import { openMessages, streamMessages, type MessageStream } from '../../host/message-stream.ts';
import { prepareReplacement } from '../../host/replace-file.ts';
import { claimSocket } from '../../host/single-instance.ts';
import type { Log } from '../log.ts';
import { socketPath, trialSocketPath, type Paths } from '../paths.ts';
import { judgeSources } from '../read-config.ts';
import { plan } from '../../engine/plan.ts';
import { nothingWanted } from '../../backend/nft/wanted-tables.ts';
import { applySteps } from '../apply-steps.ts';
import { observeChains } from '../observe-chains.ts';
import { reconcile } from '../reconcile.ts';
import { situationOf } from '../situation-of.ts';
import { restoreSnapshot, type KernelSnapshot } from './kernel-snapshot.ts';
import type { DaemonAnswer, DaemonRequest, TrialEvent, TrialRequest } from './trial-messages.ts';

/** What a trial is given, as JSON: everything that is needed to put it in force and to take it back. */
export interface TrialOrder {
  readonly tried: readonly ConfigSource[];
  /** Where the first of these is put when it is confirmed; undefined where it is there already. */
  readonly install?: string;
  /** What was in force, where that is known. */
  readonly before?: readonly ConfigSource[];
  readonly snapshot: KernelSnapshot;
  /** Milliseconds. */
  readonly timeout: number;
}

/** How a trial is ended from outside. */
export interface TrialEnding {
  readonly stream?: MessageStream;
  readonly confirmed: boolean;
  readonly because: string;
}

export interface TrialKeeper {
  /** Asks it to end; it may be on its way already. */
  end(ending: TrialEnding): void;
  /** Resolves when all is as it will stay. */
  readonly over: Promise<void>;
}

/** A daemon answers at once and takes a few passes. */
const answerTime = 30_000;

/**
 * Keeps a trial: puts the configuration in force, by the daemon where one runs, and takes it back unless it is confirmed in time.
 *
 * | what ends it                        | who takes it back                                     |
 * | ----------------------------------- | ----------------------------------------------------- |
 * | its time, a "no", the session's end | the daemon, asked by this process; without one we do  |
 * | the daemon is killed                | we do, from the snapshot                              |
 * | this process is killed              | the daemon, since our connection ends; without one, the process that asked for the trial |
 */
export async function keepTrial(
  host: Host,
  paths: Paths,
  log: Log,
  order: TrialOrder,
  tell: (event: TrialEvent) => void,
): Promise<TrialKeeper | undefined> {
  let settle: (ending: TrialEnding) => void = () => {};
  const ending = new Promise<TrialEnding>((resolve) => (settle = resolve));
  const claim = await claimSocket(trialSocketPath(paths), host.processes, (client) => {
    const stream = streamMessages(client, {
      onMessage(message) {
        const { ask } = message as TrialRequest;
        settle({ stream, confirmed: ask === 'confirm', because: 'it was taken back' });
      },
      onEnd() {},
    });
  });
  if (!claim.ok) {
    tell({ is: 'failed', problem: claim.problem.code === 'already-running' ? running : claim.problem });
    return undefined;
  }
  const keep = async (): Promise<void> => {
    await run();
    await claim.value();
  };
  return { end: settle, over: keep() };

  async function run(): Promise<void> {
    const judged = judgeSources(order.tried);
    if (!judged.ok) return tell({ is: 'failed', problem: judged.problem });
    const { config } = judged.value;
    const daemon = await reachDaemon(socketPath(paths), () =>
      settle({ confirmed: false, because: 'the daemon ended' }),
    );
    const takeBack = async (): Promise<readonly Problem[]> => {
      // A daemon that refuses has been given something else to do meanwhile.
      const answer = await daemon?.ask({ ask: 'back' });
      return answer ? [] : restore(host, paths, log, order, config);
    };
    const failure = daemon
      ? await tryByDaemon(daemon)
      : (await reconcile(host, await situationOf(host, paths, config, log), { runtimeDir: paths.runtimeDir })).failure;
    if (failure) {
      // The daemon that refuses it has gone back already.
      if (failure.code === 'daemon-missing' || !daemon) await takeBack();
      daemon?.close();
      return tell({ is: 'failed', problem: failure });
    }
    tell({ is: 'applied' });
    host.clock.after(order.timeout, () => settle({ confirmed: false, because: 'it was not confirmed in time' }));

    const how = await ending;
    const last = how.confirmed ? await confirm(daemon, takeBack) : await rollBack(how.because, takeBack);
    how.stream?.send(last);
    how.stream?.close();
    tell(last);
    daemon?.close();
  }

  async function tryByDaemon(daemon: ReachedDaemon): Promise<Problem | undefined> {
    return problemOf(await daemon.ask({ ask: 'try', sources: order.tried, within: order.timeout + answerTime }));
  }

  /** The file is ready before the daemon is asked, so that little can go wrong behind its word. */
  async function confirm(daemon: ReachedDaemon | undefined, takeBack: TakeBack): Promise<TrialEvent> {
    const [main] = order.tried;
    const file = order.install !== undefined && main ? await prepareReplacement(order.install, main.text) : undefined;
    if (file && !file.ok) return rollBack(file.problem.message, takeBack);
    const refused = daemon && problemOf(await daemon.ask({ ask: 'keep' }));
    if (refused) {
      await file?.value.discard();
      return rollBack(refused.message, takeBack);
    }
    const put = await file?.value.commit();
    if (put?.ok === false) return { is: 'failed', problem: put.problem };
    return { is: 'confirmed', ...(order.install !== undefined && { installed: order.install }) };
  }
}

type TakeBack = () => Promise<readonly Problem[]>;

async function rollBack(because: string, takeBack: TakeBack): Promise<TrialEvent> {
  return { is: 'rolled-back', because, problems: await takeBack() };
}

/**
 * Brings back what the kernel held. Translators and chains in ip6tables, which the snapshot has no text of, come from the configuration of
 * before.
 */
export async function restore(
  host: Host,
  paths: Paths,
  log: Log,
  { before, snapshot }: Pick<TrialOrder, 'before' | 'snapshot'>,
  tried: Config,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  if (snapshot.stateless || snapshot.chains) {
    const judged = judgeSources(before ?? []);
    if (!judged.ok) return [judged.problem];
    const situation = await situationOf(host, paths, judged.value.config, log);
    const { failure } = await reconcile(host, situation, { runtimeDir: paths.runtimeDir });
    if (failure) problems.push(failure);
  }
  const networks = tried.networks.map(({ prefix }) => prefix);
  if (!snapshot.stateless) problems.push(...(await restoreSnapshot(host, snapshot, networks)));
  if (tried.backend === 'ip6tables' && !snapshot.chains) problems.push(...(await removeChains(host)));
  return problems;
}

async function removeChains(host: Host): Promise<readonly Problem[]> {
  const { state, chains } = await observeChains(host.processes);
  const { steps } = plan(state, nothingWanted, []);
  const rules = steps.filter((step) => step.do === 'remove-table');
  const done = await applySteps(host, rules, { chains: chains && { saved: chains } });
  return done.ok ? [] : [done.problem];
}

interface ReachedDaemon {
  /** Undefined where it ended instead. */
  ask(request: DaemonRequest): Promise<DaemonAnswer | undefined>;
  close(): void;
}

/** Undefined where none runs. */
export async function reachDaemon(path: string, onEnd: () => void): Promise<ReachedDaemon | undefined> {
  let answered: (answer: DaemonAnswer | undefined) => void = () => {};
  let ended = false;
  const stream = await openMessages(path, {
    onMessage: (message) => answered(message as DaemonAnswer),
    onEnd() {
      ended = true;
      answered(undefined);
      onEnd();
    },
  });
  return (
    stream && {
      ask(request) {
        if (ended) return Promise.resolve(undefined);
        return new Promise((resolve) => {
          answered = resolve;
          stream.send(request);
        });
      },
      close: () => stream.close(),
    }
  );
}

function problemOf(answer: DaemonAnswer | undefined): Problem | undefined {
  if (answer?.is === 'refused') return answer.problem;
  return answer ? undefined : { code: 'daemon-missing', message: 'the daemon ended while it was asked' };
}

const running: Problem = {
  code: 'try-running',
  message: 'a configuration is being tried already',
  mend: 'Confirm it (sixgate try --confirm), or take it back (sixgate try --cancel).',
};
