import { sameItems } from '../core/remember-last.ts';
import type { KernelState, WantedState } from './kernel-state.ts';

/** The same state, with the very lists of what is wanted where they are equal, so that the next comparison sees it at once. */
export function shareLists(state: KernelState, wanted: WantedState): KernelState {
  return {
    ...state,
    tables: state.tables.map((table) => {
      const other = wanted.tables.find(({ key }) => key === table.key);
      if (!other) return table;
      const share = (set: string, elements: readonly string[]): readonly string[] => {
        const list = other.elements.get(set);
        return list && sameItems(list, elements) ? list : elements;
      };
      return { ...table, elements: new Map([...table.elements].map(([set, list]) => [set, share(set, list)])) };
    }),
  };
}
