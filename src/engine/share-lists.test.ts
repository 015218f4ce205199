import { expect, test } from 'vitest';
import type { KernelState, WantedState } from './kernel-state.ts';
import { shareLists } from './share-lists.ts';

const table = (key: string, elements: Record<string, readonly string[]>) => ({
  key,
  structure: [],
  elements: new Map(Object.entries(elements)),
});

test('equal lists become those of what is wanted, all else stays', () => {
  const state: KernelState = {
    tables: [table('a', { same: ['x', 'y'], other: ['x'], more: ['z'] }), table('b', { same: ['x'] })],
    routes: ['r'],
  };
  const lists = table('a', { same: ['x', 'y'], other: ['y'] });
  const wanted: WantedState = { tables: [{ ...lists, purpose: '', definition: '', sets: new Map() }], routes: [] };
  const shared = shareLists(state, wanted);
  expect(shared).toEqual(state);
  expect(shared.tables[0]!.elements.get('same')).toBe(lists.elements.get('same'));
});
