import type { NativePrefix } from '../backend/nft/guard-table.ts';
import { formatPrefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import type { Config } from '../engine/config.ts';
import type { Detour, Link } from '../engine/stateless.ts';
import type { Host } from '../host/host.ts';
import { holdGuard, type HeldGuard } from './held-guard.ts';
import type { Log } from './log.ts';
import type { Observation } from './observe-kernel.ts';

export interface GuardKeeper {
  /**
   * Holds the guard of this configuration with these detours and these prefixes that go out as they are; the one before goes when the new one was started. Nothing happens where
   * that is what is held, for the same interfaces.
   */
  hold(
    config: Config,
    detours?: readonly Detour[],
    links?: readonly Link[],
    natives?: readonly NativePrefix[],
  ): Promise<void>;
  isHeld(observation: Observation): boolean;
  /** That the guard should be held by now and is not; then it is tried again a little later. */
  problem(observation: Observation): Problem | undefined;
  stop(): Promise<void>;
}

/** Making the table takes a few milliseconds; on a busy machine more. */
const settleTime = 200;

const firstPause = 100;
/** Short, since without it packets can leave while somebody flushes the ruleset. */
const longestPause = 1000;
/** Where its process goes on and does not hold it: most likely this machine never can. */
const longestRetry = 30_000;

/** Keeps the guard held: makes it again when its process ends, or goes on without holding it, after pauses that grow. */
export function createGuardKeeper(host: Host, log: Log, onSettled: () => void): GuardKeeper {
  let held: HeldGuard | undefined;
  let heldFor:
    | {
        readonly config: Config;
        readonly detours: readonly Detour[];
        readonly natives: readonly NativePrefix[];
        readonly text: string;
      }
    | undefined;
  let since = 0;
  let failures = 0;
  let waiting = false;
  let cancel = (): void => {};
  let stopped = false;

  function start(): HeldGuard {
    const { config, detours, natives } = heldFor!;
    since = host.clock.monotonic();
    waiting = false;
    host.clock.after(settleTime, onSettled); // by then it stands, or it is known that it does not
    return holdGuard(host, config, { detours, natives }, (how) => {
      if (stopped) return;
      log.warn(`the held copy of the guard is gone (${how}); it is made again`);
      startLater(longestPause);
    });
  }

  function startLater(longest: number): void {
    if (waiting) return;
    waiting = true;
    if (host.clock.monotonic() - since > 2 * longest) failures = 0;
    cancel = host.clock.after(Math.min(firstPause * 2 ** failures++, longest), () => {
      void held?.stop();
      held = start();
    });
  }

  const isHeld = ({ tableNames }: Observation): boolean => held !== undefined && tableNames.includes(held.table);
  const isDue = (): boolean => host.clock.monotonic() - since >= settleTime;

  return {
    isHeld,
    async hold(config, detours = [], links = [], natives = []) {
      const indexes = detours.map(({ uplink }) => links.find(({ name }) => name === uplink)?.index);
      const text = JSON.stringify([
        detours,
        indexes,
        natives.map((each) => [each.interface, formatPrefix(each.prefix)]),
      ]);
      if (heldFor?.config === config && heldFor.text === text) return;
      heldFor = { config, detours, natives, text };
      cancel();
      const before = held;
      held = start();
      await before?.stop();
    },
    problem(observation) {
      if (!isDue() || !observation.state.known || isHeld(observation)) return undefined;
      if (!stopped) startLater(longestRetry);
      return notHeld;
    },
    async stop() {
      stopped = true;
      cancel();
      await held?.stop();
    },
  };
}

const notHeld: Problem = {
  code: 'guard-not-held',
  message: 'the guard could not be held: while somebody flushes the ruleset, packets can leave untranslated',
  mend: 'It needs Linux 5.12 and nft 0.9.9 or newer; until then reload other firewalls without "flush ruleset".',
};
