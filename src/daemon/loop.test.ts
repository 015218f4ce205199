import { expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { startLoop } from './loop.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a wake-up when idle starts a pass at once', async () => {
  const clock = new ManualClock();
  let passes = 0;
  const loop = startLoop(clock, async () => ({ failed: false, due: (passes++, Infinity) }));
  loop.wake();
  expect(passes).toBe(1);
  await loop.stop();
});

test('a hundred wake-ups during a pass make one more, 20 ms after its start', async () => {
  const clock = new ManualClock();
  let passes = 0;
  let finish = (): void => {};
  const loop = startLoop(clock, async () => {
    passes++;
    await new Promise<void>((resolve) => (finish = resolve));
    return { failed: false, due: Infinity };
  });
  loop.wake();
  for (let count = 0; count < 100; count++) loop.wake();
  finish();
  await settle();
  expect(passes).toBe(1);
  await clock.advance(20);
  expect(passes).toBe(2);
  finish();
  await settle();
  await clock.advance(1000);
  expect(passes).toBe(2);
  await loop.stop();
});

test('who waits for it to be idle waits for the pass that was asked for meanwhile too', async () => {
  const clock = new ManualClock();
  let passes = 0;
  const loop = startLoop(clock, async () => {
    passes++;
    if (passes === 1) {
      await clock.advance(30);
      loop.wake();
    }
    return { failed: false, due: Infinity };
  });
  loop.wake();
  await loop.idle();
  expect(passes).toBe(2);
  await loop.stop();
});

test('a failed pass is tried again after 100, 200, 400 ms and so on, at most 1 s', async () => {
  const clock = new ManualClock();
  const at: number[] = [];
  const loop = startLoop(clock, async () => {
    at.push(clock.now());
    return { failed: true, due: Infinity };
  });
  loop.wake();
  await settle();
  await clock.advance(20_000);
  expect(at.slice(0, 5)).toEqual([0, 100, 300, 700, 1500]);
  expect(at.at(-1)! - at.at(-2)!).toBe(1000);
  await loop.stop();
});

test('a deadline wakes it', async () => {
  const clock = new ManualClock();
  const at: number[] = [];
  const loop = startLoop(clock, async () => {
    at.push(clock.now());
    return { failed: false, due: at.length === 1 ? 5000 : Infinity };
  });
  loop.wake();
  await settle();
  await clock.advance(60_000);
  expect(at).toEqual([0, 5000]);
  await loop.stop();
});

test('after stop nothing happens any longer', async () => {
  const clock = new ManualClock();
  let passes = 0;
  const loop = startLoop(clock, async () => ({ failed: false, due: (passes++, 100) }));
  loop.wake();
  await settle();
  await loop.stop();
  loop.wake();
  await clock.advance(10_000);
  expect(passes).toBe(1);
});
