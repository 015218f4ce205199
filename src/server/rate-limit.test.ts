import { expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

/** How many of so many are let through at this time. */
const count = (limit: ReturnType<typeof createRateLimit>, from: string, now: number, requests: number) =>
  Array.from({ length: requests }, () => limit.take(from, now)).filter(Boolean).length;

test('a burst at once, then so many a second; one place is not another', () => {
  const limit = createRateLimit(10, 50);
  expect(count(limit, 'a', 0, 100)).toBe(50);
  expect(count(limit, 'a', 1000, 100)).toBe(10);
  expect(count(limit, 'b', 1000, 100)).toBe(50);
  expect(count(limit, 'a', 3_600_000, 100)).toBe(50);
});

test('what is charged has to be waited for, but not for ever', () => {
  const limit = createRateLimit(10, 50);
  limit.charge('a', 0, 90);
  expect([count(limit, 'a', 4000, 1), count(limit, 'a', 4200, 1)]).toEqual([0, 1]);
  for (let round = 0; round < 100; round++) limit.charge('a', 5000, 90);
  expect([count(limit, 'a', 9900, 1), count(limit, 'a', 10_200, 1)]).toEqual([0, 1]);
});

test('places without number do not fill the memory: those seen last are known', () => {
  const limit = createRateLimit(1, 1);
  limit.take('first', 0);
  for (let place = 0; place < 5000; place++) limit.take(String(place), 0);
  expect([limit.take('4999', 0), limit.take('first', 0)]).toEqual([false, true]);
});
