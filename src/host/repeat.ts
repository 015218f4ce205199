import type { Clock } from './host.ts';

/** Does some work again and again, `pause` milliseconds after it was done the last time. Returns what ends this. */
export function repeat(clock: Clock, pause: number, work: () => Promise<void>): () => void {
  let over = false;
  let cancel = (): void => {};
  const next = (): void => {
    cancel = clock.after(pause, () => {
      void work().then(() => {
        if (!over) next();
      });
    });
  };
  next();
  return () => {
    over = true;
    cancel();
  };
}
