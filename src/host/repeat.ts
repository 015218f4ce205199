import type { Clock } from './host.ts';

/** Does some work again and again, `pause` milliseconds after it was done the last time. Returns what ends this. */
export function repeat(clock: Clock, pause: number, work: () => Promise<void>): () => void {
  let over = false;
  let cancel = (): void => {};
  const wait = (): void => void (cancel = clock.after(pause, () => void workOnce()));
  const workOnce = async (): Promise<void> => {
    await work();
    if (!over) wait();
  };
  wait();
  return () => {
    over = true;
    cancel();
  };
}
