import type { Clock } from '../../host/host.ts';

export interface Looking {
  /** Something may have changed. */
  wake(): void;
  stop(): Promise<void>;
}

export interface LookingOptions {
  /** What a word of a change can be ahead of the change itself: after a wake-up it is looked once more. In milliseconds. */
  readonly settle?: number;
  /** How often to look unasked. */
  readonly every?: number;
}

/** At most one look starts in this time. */
const pause = 50;

/** Looks when woken: one look at a time, and one more for whatever comes during it. */
export function startLooking(clock: Clock, look: () => Promise<void>, options: LookingOptions = {}): Looking {
  const { settle, every } = options;
  let looking: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let started = -Infinity;
  let cancelNext = (): void => {};
  let cancelSettling = (): void => {};
  let cancelUnasked = (): void => {};

  function begin(): void {
    if (stopped) return;
    if (looking) {
      again = true;
      return;
    }
    cancelNext();
    const wait = started + pause - clock.monotonic();
    if (wait > 0) {
      cancelNext = clock.after(wait, begin);
      return;
    }
    started = clock.monotonic();
    looking = look().finally(() => {
      looking = undefined;
      if (stopped) return;
      if (every !== undefined) {
        cancelUnasked();
        cancelUnasked = clock.after(every, begin);
      }
      if (!again) return;
      again = false;
      begin();
    });
  }

  return {
    wake() {
      begin();
      if (settle === undefined || stopped) return;
      cancelSettling();
      cancelSettling = clock.after(settle, begin);
    },
    async stop() {
      stopped = true;
      cancelNext();
      cancelSettling();
      cancelUnasked();
      await looking;
    },
  };
}
