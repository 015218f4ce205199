import { expect, test } from 'vitest';
import { createReportFilter, type Way } from './report-filter.ts';

function follow(steps: readonly (readonly [number, Way, string])[]): boolean[] {
  const filter = createReportFilter();
  return steps.map(([at, way, key]) => filter.isNews(way, key, at));
}

test('what both ways bring is news once, whichever is first', () => {
  expect(follow([[0, 'socket', 'a'], [5, 'hook', 'a'], [1000, 'hook', 'b'], [1080, 'socket', 'b']])).toEqual([true, false, true, false]); // prettier-ignore
});

test('a late pair of twins does not bring the past back', () => {
  expect(follow([[0, 'socket', 'a'], [1, 'socket', 'b'], [2, 'hook', 'a'], [3, 'hook', 'b']])).toEqual([true, true, false, false]); // prettier-ignore
});

test('the same message directly after is a repetition, later it is a renewal', () => {
  expect(
    follow([
      [0, 'socket', 'a'],
      [400, 'socket', 'a'],
      [1400, 'socket', 'a'],
    ]),
  ).toEqual([true, false, true]);
});

test('repetitions that go on do not keep a renewal from being news', () => {
  expect(
    follow([
      [0, 'socket', 'a'],
      [400, 'socket', 'a'],
      [600, 'socket', 'a'],
      [900, 'socket', 'a'],
      [1200, 'socket', 'a'],
    ]),
  ).toEqual([true, false, true, false, true]);
});

test('a twin that never came does not swallow a later report', () => {
  expect(
    follow([
      [0, 'socket', 'a'],
      [20_000, 'hook', 'a'],
    ]),
  ).toEqual([true, true]);
});

test('a change back is news', () => {
  expect(
    follow([
      [0, 'socket', 'a'],
      [10, 'socket', 'b'],
      [20, 'socket', 'a'],
    ]),
  ).toEqual([true, true, true]);
});
