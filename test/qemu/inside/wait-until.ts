import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until there is no reason any more why not; the last one is in the error. */
export async function waitUntil(
  what: string,
  milliseconds: number,
  why: () => Promise<string | undefined>,
): Promise<void> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const reason = await why();
    if (reason === undefined) return;
    if (performance.now() > end)
      throw new Error(`not within ${milliseconds / 1000} s: ${what}\n${reason.slice(-1500)}`);
    await sleep(150);
  }
}
