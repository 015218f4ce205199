import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two questions, at most. */
const longest = 1500;

/**
 * Asks again until there is no reason any more why not; the last one is in the error. Ever less often: what asks takes the one
 * emulated processor from what it waits for.
 */
export async function waitUntil(
  what: string,
  milliseconds: number,
  why: () => Promise<string | undefined>,
): Promise<void> {
  const end = performance.now() + milliseconds;
  for (let pause = 100; ; pause = Math.min(pause * 1.4, longest)) {
    const reason = await why();
    if (reason === undefined) return;
    if (performance.now() > end)
      throw new Error(`not within ${milliseconds / 1000} s: ${what}\n${reason.slice(-1500)}`);
    await sleep(pause);
  }
}
