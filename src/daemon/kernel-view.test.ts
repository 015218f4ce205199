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
  view.begin()(observation, []);
  expect(view.recall()).toBe(observation);
  view.forget();
  expect(view.recall()).toBeUndefined();
});

test('what was seen before something was done does not count', () => {
  const view = createKernelView();
  view.begin()(observation, undefined);
  expect(view.recall()).toBeUndefined();
});

test('a change told of during a pass outlives it', () => {
  const view = createKernelView();
  const end = view.begin();
  view.forget();
  end(observation, []);
  expect(view.recall()).toBeUndefined();
});

test('sets that were changed are looked at again, and no others', () => {
  const view = createKernelView();
  view.begin()(observation, ['ip6 t a']);
  expect(view.recall()).toBeUndefined();
  expect(view.recallPart()).toEqual({ seen: observation, doubted: new Set(['ip6 t a']) });
  view.forget('ip6 t b');
  expect(view.recallPart()?.doubted).toEqual(new Set(['ip6 t a', 'ip6 t b']));
  view.begin()(observation, []);
  expect(view.recall()).toBe(observation);
  expect(view.recallPart()).toBeUndefined();
});

test('elements that change during a pass are looked at in the next, whatever that one saw', () => {
  const view = createKernelView();
  const end = view.begin();
  view.forget('ip6 t a');
  end(observation, []);
  expect(view.recall()).toBeUndefined();
  expect(view.recallPart()?.doubted).toEqual(new Set(['ip6 t a']));
  view.forget();
  expect(view.recallPart()).toBeUndefined();
});

test('what a pass did not see, no set can stand for', () => {
  const view = createKernelView();
  view.forget('ip6 t a');
  expect(view.recallPart()).toBeUndefined();
  view.begin()(observation, undefined);
  view.forget('ip6 t a');
  expect(view.recallPart()).toBeUndefined();
});
