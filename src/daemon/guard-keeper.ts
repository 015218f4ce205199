import type { NativePrefix } from '../backend/nft/guard-rules.ts';
import { formatPrefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import type { Config } from '../engine/config.ts';
import type { Detour, Link } from '../engine/stateless.ts';
import type { Host } from '../host/host.ts';
import { compileHeld, holdGuard, type HeldGuard } from './held-guard.ts';
import type { Log } from './log.ts';
import type { Observation } from './observe-kernel.ts';

export interface GuardKeeper {
  /**
   * Holds the guard of this configuration with these detours and these prefixes that go out as they are; the one before goes when the new
   * one stands. Nothing happens where that is what is held, for the same interfaces.
   */
  hold(
    config: Config,
    detours?: readonly Detour[],
    links?: readonly Link[],
    natives?: readonly NativePrefix[],
  ): Promise<void>;
  isHeld(observation: Observation): boolean;
  /** It is held, or has been tried for so long that it most likely never will be. */
  isSettled(observation: Observation): boolean;
  /** That the guard should be held by now and is not; then it is tried again a little later. */
  problem(observation: Observation): Problem | undefined;
  /**
   * From now on none is made again: `stop` comes soon, and whoever ends a whole group of processes has ended that of the guard too.
   */
  letGo(): void;
  stop(): Promise<void>;
}

/** Making the table takes a few milliseconds; on a busy machine more. */
const settleTime = 200;

/** From then on it is not waited for. */
const longestWait = 5000;

const firstPause = 100;
/** Short, since without it packets can leave while somebody flushes the ruleset. */
const longestPause = 1000;
/** Where its process goes on and does not hold it: most likely this machine never can. */
const longestRetry = 30_000;

/** More than copies stand at a time: the one that is held, and one before it for each change that never stood. */
const names = 1000;

/** Keeps the guard held: makes it again when its process ends, or goes on without holding it, after pauses that grow. */
export function createGuardKeeper(host: Host, log: Log, onSettled: () => void): GuardKeeper {
  let held: HeldGuard | undefined;
  /** Stood before it, and go on until it stands. */
  let before: HeldGuard[] = [];
  let serial = -1;
  let heldFor:
    | {
        readonly config: Config;
        readonly detours: readonly Detour[];
        readonly natives: readonly NativePrefix[];
        readonly text: string;
        /** The lines that make it. */
        readonly lines: string;
      }
    | undefined;
  let since = 0;
  /** Since when it should be held. */
  let wantedSince = -Infinity;
  /** When the one that is held was known to stand; Infinity while it is not. */
  let stoodAt = Infinity;
  let failures = 0;
  /** How it ended; told when it is made again, since whoever ends us may have ended it first. */
  let lost: string | undefined;
  let waiting = false;
  let cancel = (): void => {};
  let stopped = false;

  async function start(): Promise<void> {
    const { config, detours, natives } = heldFor!;
    since = host.clock.monotonic();
    stoodAt = Infinity;
    waiting = false;
    host.clock.after(settleTime, onSettled); // by then it stands, or it is known that it does not
    if (held) before.push(held);
    serial = nextSerial();
    const started = holdGuard(host, config, { detours, natives }, serial, (how) => {
      if (stopped || started !== held) return;
      stoodAt = Infinity;
      lost = how;
      startLater(longestPause);
    });
    held = started;
    if (!(await started.stands)) return;
    if (started === held) stoodAt = host.clock.monotonic();
    if (host.clock.monotonic() - since > settleTime) onSettled();
    const gone = before.filter((each) => each !== held);
    before = [];
    await Promise.all(gone.map((each) => each.stop()));
  }

  /** A name that none has, nor had a moment ago: the kernel may still have its table. */
  function nextSerial(): number {
    const isTaken = (number: number): boolean => before.some(({ table }) => table.endsWith(`_${number}`));
    for (let number = (serial + 1) % names; ; number = (number + 1) % names) if (!isTaken(number)) return number;
  }

  function startLater(longest: number): void {
    if (waiting) return;
    waiting = true;
    if (host.clock.monotonic() - since > 2 * longest) failures = 0;
    const asked = host.clock.monotonic();
    cancel = host.clock.after(Math.min(firstPause * 2 ** failures++, longest), () => {
      // Slow, and not without success.
      if (stoodAt >= asked && stoodAt < Infinity) return void (waiting = false);
      if (lost !== undefined) log.warn(`the held copy of the guard is gone (${lost}); it is made again`);
      lost = undefined;
      // That one does not stand: it ended, or its process goes on without.
      void held?.stop();
      held = undefined;
      void start();
    });
  }

  /** As it was seen last, where it cannot be seen. */
  let seen = false;
  const isHeld = ({ tableNames, namesUnknown }: Observation): boolean => {
    if (!namesUnknown) seen = held !== undefined && tableNames.includes(held.table);
    return seen;
  };
  function letGo(): void {
    stopped = true;
    cancel();
  }
  const isDue = (): boolean => host.clock.monotonic() - since >= settleTime;

  return {
    isHeld,
    isSettled: (observation) => isHeld(observation) || host.clock.monotonic() - wantedSince >= longestWait,
    async hold(config, detours = [], links = [], natives = []) {
      const indexes = detours.map(({ uplink }) => links.find(({ name }) => name === uplink)?.index);
      const text = JSON.stringify([
        detours,
        indexes,
        natives.map((each) => [each.interface, formatPrefix(each.prefix)]),
      ]);
      if (heldFor?.config === config && heldFor.text === text) return;
      const lines = `${indexes.join(' ')}\n${compileHeld(config, { detours, natives }, '')}`;
      const isSame = heldFor?.lines === lines;
      heldFor = { config, detours, natives, text, lines };
      if (isSame) return;
      cancel();
      wantedSince = host.clock.monotonic();
      void start();
    },
    problem(observation) {
      // One that cannot be seen may stand: to start another one in its place would end it.
      if (stopped || !isDue() || !observation.state.known || observation.namesUnknown || isHeld(observation))
        return undefined;
      startLater(longestRetry);
      return notHeld;
    },
    letGo,
    async stop() {
      letGo();
      await Promise.all([...before, ...(held ? [held] : [])].map((each) => each.stop()));
    },
  };
}

const notHeld: Problem = {
  code: 'guard-not-held',
  message: 'the guard could not be held: while somebody flushes the ruleset, packets can leave untranslated',
  mend: 'It needs Linux 5.12 and nft 0.9.9 or newer; until then reload other firewalls without "flush ruleset".',
};
