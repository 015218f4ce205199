import type { Problem } from '../core/problem.ts';
import type { Config } from '../engine/config.ts';
import type { Detour, Link } from '../engine/stateless.ts';
import type { Host } from '../host/host.ts';
import { holdGuard, type HeldGuard } from './held-guard.ts';
import type { Log } from './log.ts';
import type { Observation } from './observe-kernel.ts';

export interface GuardKeeper {
  /**
   * Holds the guard of this configuration with these detours; the one before goes when the new one was started. Nothing happens where
   * that is what is held, for the same interfaces.
   */
  hold(config: Config, detours?: readonly Detour[], links?: readonly Link[]): Promise<void>;
  isHeld(observation: Observation): boolean;
  /** That the guard should be held by now and is not. */
  problem(observation: Observation): Problem | undefined;
  stop(): Promise<void>;
}

/** Making the table takes a few milliseconds; on a busy machine more. */
const settleTime = 200;

/** Keeps the guard held: makes it again when its process ends, after a pause that grows from 1 s to 30 s. */
export function createGuardKeeper(host: Host, log: Log, onSettled: () => void): GuardKeeper {
  let held: HeldGuard | undefined;
  let heldFor: { readonly config: Config; readonly text: string } | undefined;
  let since = 0;
  let pause = 1000;
  let cancel = (): void => {};
  let stopped = false;

  function start(config: Config, detours: readonly Detour[]): HeldGuard {
    since = host.clock.monotonic();
    host.clock.after(settleTime, onSettled); // by then it stands, or it is known that it does not
    return holdGuard(host, config, detours, (how) => {
      if (stopped) return;
      log.warn(`the held copy of the guard is gone (${how}); it is made again`);
      pause = host.clock.monotonic() - since > 60_000 ? 1000 : Math.min(pause * 2, 30_000);
      cancel = host.clock.after(pause, () => (held = start(config, detours)));
    });
  }
  const isHeld = ({ tableNames }: Observation): boolean => held !== undefined && tableNames.includes(held.table);

  return {
    isHeld,
    async hold(config, detours = [], links = []) {
      const indexes = detours.map(({ uplink }) => links.find(({ name }) => name === uplink)?.index);
      const text = JSON.stringify([detours, indexes]);
      if (heldFor?.config === config && heldFor.text === text) return;
      heldFor = { config, text };
      cancel();
      const before = held;
      held = start(config, detours);
      await before?.stop();
    },
    problem(observation) {
      const due = host.clock.monotonic() - since >= settleTime;
      return due && observation.state.known && !isHeld(observation) ? notHeld : undefined;
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
