import { expect, test } from 'vitest';
import { addDuration, noDurations } from './durations.ts';

test('each is counted once, a bound belongs to what it bounds', () => {
  const filled = [0, 5, 5.1, 10, 5000, 5001, 1e9].reduce(addDuration, noDurations);
  expect(filled).toEqual({
    upTo: [5, 10, 20, 50, 100, 200, 500, 1000, 5000],
    counts: [2, 2, 0, 0, 0, 0, 0, 0, 1, 2],
    count: 7,
    sum: 0 + 5 + 5.1 + 10 + 5000 + 5001 + 1e9,
  });
  expect(noDurations.count).toBe(0);
});
