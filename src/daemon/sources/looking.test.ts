import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../host/system-clock.ts';
import { startLooking } from './looking.ts';

test('one look at a time, one more for what comes during it', async () => {
  let running = 0;
  let most = 0;
  let count = 0;
  const looking = startLooking(systemClock, async () => {
    count++;
    most = Math.max(most, ++running);
    await pause(60);
    running--;
  });
  looking.wake();
  for (let index = 0; index < 10; index++) looking.wake();
  await expect.poll(() => count).toBe(2);
  await pause(150);
  expect([count, most]).toEqual([2, 1]);
  await looking.stop();
  looking.wake();
  expect(count).toBe(2);
});

test('a storm makes few looks; it is looked once more when it is over, and unasked from time to time', async () => {
  let count = 0;
  const looking = startLooking(systemClock, async () => void count++, { settle: 100, every: 400 });
  for (let index = 0; index < 20; index++) {
    looking.wake();
    await pause(5);
  }
  const during = count;
  expect(during).toBeLessThanOrEqual(4);
  await expect.poll(() => count).toBeGreaterThan(during);
  const settled = count;
  await expect.poll(() => count, { timeout: 2000 }).toBeGreaterThan(settled);
  await looking.stop();
});
