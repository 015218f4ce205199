import { expect, test, vi } from 'vitest';
import { rememberLast, sameItems } from './remember-last.ts';

test('the last answer for each key is given again as long as the argument is the same', () => {
  const derive = vi.fn((key: { name: string }, list: readonly number[]) => ({ key, list }));
  const remembered = rememberLast(derive, sameItems);
  const [one, other] = [{ name: 'one' }, { name: 'other' }];
  const first = remembered(one, [1, 2]);
  expect(first).toEqual({ key: one, list: [1, 2] });
  expect(remembered(other, [3])).toEqual({ key: other, list: [3] });
  expect(remembered(one, [1, 2])).toBe(first);
  expect(derive).toHaveBeenCalledTimes(2);
  expect(remembered(one, [2, 1])).toEqual({ key: one, list: [2, 1] });
  expect(remembered(one, [1, 2])).not.toBe(first);
});

test.each([
  [[], [], true],
  [['a', 'b'], ['a', 'b'], true],
  [['a', 'b'], ['a'], false],
  [['a'], ['a', 'b'], false],
  [['a', 'b'], ['b', 'a'], false],
])('%j and %j', (one, other, same) => {
  expect(sameItems(one, other)).toBe(same);
});
