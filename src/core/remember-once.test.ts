import { expect, test, vi } from 'vitest';
import { rememberOnce } from './remember-once.ts';

test('each object is asked about once', () => {
  const derive = vi.fn((list: readonly number[]) => (list.length > 1 ? list.toReversed() : undefined));
  const turned = rememberOnce(derive);
  const [list, empty]: number[][] = [[2, 1], []];
  expect(turned(list!)).toEqual([1, 2]);
  expect(turned(list!)).toBe(turned(list!));
  expect(turned([2, 1])).not.toBe(turned(list!));
  expect(turned(empty!)).toBeUndefined();
  expect(turned(empty!)).toBeUndefined();
  expect(derive).toHaveBeenCalledTimes(3);
});
