import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './lab-error.ts';

/** Asks again every `interval` milliseconds until the answer is neither undefined nor false; throws when it takes too long. */
export async function waitUntil<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  { timeout = 10_000, interval = 20 } = {},
): Promise<T> {
  const end = performance.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new LabError(`${what}: not within ${timeout} ms`);
    await sleep(interval);
  }
}
