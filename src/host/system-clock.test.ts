import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from './system-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('calls back once, when it is due', () => {
  const calls: number[] = [];
  systemClock.after(1000, () => calls.push(systemClock.now()));
  vi.advanceTimersByTime(999);
  expect(calls).toEqual([]);
  vi.advanceTimersByTime(5000);
  expect(calls).toHaveLength(1);
});

test('also after more than setTimeout can take, and never for what never comes', () => {
  const month = 31 * 86_400_000;
  let called = 0;
  systemClock.after(month, () => called++);
  systemClock.after(Infinity, () => (called += 100));
  vi.advanceTimersByTime(month - 1);
  expect(called).toBe(0);
  vi.advanceTimersByTime(1);
  expect(called).toBe(1);
  vi.advanceTimersByTime(3 * month);
  expect(called).toBe(1);
});

test('a moment that has passed is now; what was cancelled is never', () => {
  let called = 0;
  systemClock.after(-5, () => called++);
  vi.advanceTimersByTime(1);
  expect(called).toBe(1);
  const cancel = systemClock.after(40 * 86_400_000, () => called++);
  vi.advanceTimersByTime(30 * 86_400_000);
  cancel();
  vi.advanceTimersByTime(30 * 86_400_000);
  expect(called).toBe(1);
});
