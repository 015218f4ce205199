import type { Problem } from '../../core/problem.ts';
import type { Config } from '../../engine/config.ts';
import type { Files } from '../../host/host.ts';
import type { Log } from '../log.ts';
import type { Memory } from '../memory.ts';
import type { Paths } from '../paths.ts';
import { judgeSources, type ReadConfig } from '../read-config.ts';
import type { TrialPowers } from './trial-desk.ts';
import { removeTrialRecord, writeTrialRecord } from './trial-record.ts';

/** The parts of a daemon that a trial moves. */
export interface TrialMachinery {
  readonly files: Files;
  readonly paths: Paths;
  readonly log: Log;
  readonly memory: Memory;
  current(): ReadConfig;
  /** Changes to another configuration; `remember` sees to what is known of delegations. */
  follow(next: ReadConfig, remember: (config: Config) => void): Promise<void>;
  /** One pass with the configuration of now: why it failed. */
  pass(): Promise<Problem | undefined>;
  /** What was tried is what counts. */
  onKept(): void;
}

export function createTrialPowers(machinery: TrialMachinery): TrialPowers {
  const { files, paths, log, memory } = machinery;
  let before: ReadConfig | undefined;

  async function goBack(why: string): Promise<void> {
    if (!before) return;
    const last = before;
    before = undefined;
    const { config } = machinery.current();
    await machinery.follow(last, (next) => memory.goBack(next, (name) => isStill(name, next, config)));
    await machinery.pass();
    await removeTrialRecord(files, paths);
    log.warn(`the configuration from before the trial is in force again: ${why}`);
  }

  return {
    where: () => ({ config: paths.config, sources: machinery.current().sources }),
    async take(sources) {
      const next = judgeSources(sources);
      if (!next.ok) return next.problem;
      before = machinery.current();
      await writeTrialRecord(files, paths, { before: before.sources, tried: sources });
      log.info('a configuration is tried until it is confirmed');
      await machinery.follow(next.value, (config) => memory.tryFor(config));
      const failure = await machinery.pass();
      if (failure) await goBack(failure.message);
      return failure;
    },
    async keep() {
      before = undefined;
      memory.keep();
      machinery.onKept();
      await removeTrialRecord(files, paths);
      log.info('the configuration that was tried is confirmed');
      await machinery.pass();
    },
    goBack,
    isOn: () => before !== undefined,
    async forget() {
      before = undefined;
      memory.keep();
      await removeTrialRecord(files, paths);
    },
  };
}

/** Of an uplink that both have, what its client said last counts. */
function isStill(name: string, one: Config, other: Config): boolean {
  const [here, there] = [one, other].map(({ uplinks }) => uplinks.find((uplink) => uplink.name === name));
  return here?.interface === there?.interface && here?.source.from === there?.source.from;
}
