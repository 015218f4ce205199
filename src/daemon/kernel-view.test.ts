import { expect, test } from 'vitest';
import { createKernelView } from './kernel-view.ts';
import type { Observation } from './observe-kernel.ts';

const observation: Observation = {
  state: { known: true, value: { tables: [], routes: [] } },
  counters: new Map(),
  links: [],
  uplinks: [],
  tableNames: [],
};

test('what was seen in sync counts until a change is told of', () => {
  const view = createKernelView();
  view.begin()(observation, true);
  expect(view.recall()).toBe(observation);
  view.forget();
  expect(view.recall()).toBeUndefined();
});

test('what was seen before something was done does not count', () => {
  const view = createKernelView();
  view.begin()(observation, false);
  expect(view.recall()).toBeUndefined();
});

test('a change told of during a pass outlives it', () => {
  const view = createKernelView();
  const end = view.begin();
  view.forget();
  end(observation, true);
  expect(view.recall()).toBeUndefined();
});
