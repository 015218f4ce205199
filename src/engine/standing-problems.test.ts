import { expect, test } from 'vitest';
import type { Problem } from '../core/problem.ts';
import { compareProblems, keepSince } from './standing-problems.ts';

const one: Problem = { code: 'client-missing', message: 'one' };
const two: Problem = { code: 'client-missing', message: 'two' };

test('a problem keeps the moment it was first seen, for as long as it stands', () => {
  const first = keepSince([], [one], 100);
  const second = keepSince(first, [{ ...one, mend: 'Do.' }, two], 200);
  expect(second).toEqual([
    { problem: { ...one, mend: 'Do.' }, since: 100 },
    { problem: two, since: 200 },
  ]);
  expect(keepSince(keepSince(second, [], 300), [one], 400)).toEqual([{ problem: one, since: 400 }]);
});

test('what began and what ended', () => {
  const before = keepSince([], [one], 100);
  const after = keepSince(before, [two], 200);
  expect(compareProblems(before, after)).toEqual({ begun: after, ended: before });
  expect(compareProblems(after, after)).toEqual({ begun: [], ended: [] });
});
