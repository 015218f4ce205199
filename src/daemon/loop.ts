import type { Clock } from '../host/host.ts';

export interface Loop {
  /** Asks for a pass: at once when idle, one more after the running pass otherwise. */
  wake(): void;
  /** Resolves when no pass runs. */
  idle(): Promise<void>;
  /** Ends after the running pass. */
  stop(): Promise<void>;
}

/** What a pass leaves to be done. */
export interface PassEnd {
  readonly failed: boolean;
  /** In how many milliseconds from its start something changes without any news. */
  readonly due: number;
}

/** Short, since what made passes fail can be over at any moment and nobody tells. */
const longestPause = 1000;

/**
 * One pass at a time. A pass that failed is tried again after a pause that doubles from 100 ms up to 1 s; a wake-up
 * does not wait for that, but at most one pass starts in 20 ms.
 */
export function startLoop(clock: Clock, pass: () => Promise<PassEnd>): Loop {
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let pause = 0;
  let lastStart = -Infinity;
  let cancel = (): void => {};

  const run = async (): Promise<void> => {
    do {
      again = false;
      lastStart = clock.monotonic();
      const { failed, due } = await pass();
      pause = failed ? Math.min(Math.max(100, pause * 2), longestPause) : 0;
      cancel();
      const next = failed ? pause : lastStart + due - clock.monotonic();
      if (next < Infinity && !stopped) cancel = clock.after(Math.max(0, next), wake);
    } while (again && !stopped && clock.monotonic() - lastStart >= 20);
  };
  function wake(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    cancel();
    running = run().finally(() => {
      running = undefined;
      if (again && !stopped) cancel = clock.after(20, wake);
    });
  }

  return {
    wake,
    async idle() {
      await running;
    },
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
  };
}
