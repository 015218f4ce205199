import { uptime } from 'node:os';
import type { Clock } from './host.ts';

/** setTimeout takes at most 2^31-1 ms and fires at once beyond that. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  uptime: () => uptime() * 1000,
  after(delay, callback) {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer = setTimeout(
        () => (left > longestTimer ? wait(left - longestTimer) : callback()),
        Math.max(0, Math.min(left, longestTimer)),
      );
    };
    wait(delay);
    return () => clearTimeout(timer);
  },
};
