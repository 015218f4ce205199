import type { FlowSelection } from './flows.ts';
import type { WantedTable } from './kernel-state.ts';
import type { AttachedProgram, Detour, WantedProgram } from './stateless.ts';

/** One change of the kernel with its reason: one sentence that the command line, the log and the page all show. */
export type Step = { readonly because: string } & (
  | { readonly do: 'add-route' | 'remove-route'; readonly prefix: string }
  | { readonly do: 'add-rule' | 'remove-rule'; readonly rule: string }
  | { readonly do: 'install-table'; readonly table: WantedTable; readonly replaces: boolean }
  | { readonly do: 'change-elements'; readonly table: string; readonly changes: readonly ElementChange[] }
  | { readonly do: 'remove-table'; readonly table: string }
  | { readonly do: 'make-detour'; readonly detour: Detour; readonly isThere: boolean }
  | { readonly do: 'remove-detour'; readonly name: string }
  | { readonly do: 'load-program'; readonly program: WantedProgram; readonly replaces: boolean }
  | { readonly do: 'remove-program'; readonly program: AttachedProgram }
  | { readonly do: 'delete-flows'; readonly flows: FlowSelection }
);

export interface ElementChange {
  readonly set: string;
  /** It is a flowtable, and its interfaces change. */
  readonly isFlowtable?: true;
  readonly remove: readonly string[];
  readonly add: readonly string[];
  /**
   * What stays, where the set is emptied and filled again in the same transaction instead of losing so many elements one by one: nft 1.0.6
   * takes a minute to delete 10,000 of an interval map, and half a second to fill it.
   */
  readonly refill?: readonly string[];
}
