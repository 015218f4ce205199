import type { Clock } from '../host/host.ts';

export interface Loop {
  /** Asks for a pass: at once when idle, one more after the running pass otherwise. */
  wake(): void;
  /** Ends after the running pass. */
  stop(): Promise<void>;
}

const longestPause = 30_000;

/**
 * One pass at a time. A pass that failed is tried again after a pause that doubles from 100 ms up to 30 s; a wake-up
 * does not wait for that, but at most one pass starts in 20 ms.
 */
export function startLoop(clock: Clock, pass: () => Promise<{ failed: boolean; until: number }>): Loop {
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
      const { failed, until } = await pass();
      pause = failed ? Math.min(Math.max(100, pause * 2), longestPause) : 0;
      cancel();
      const next = failed ? pause : until - clock.now();
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
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
  };
}
