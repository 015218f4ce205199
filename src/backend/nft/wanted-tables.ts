import { formatPrefix } from '../../core/prefix.ts';
import type { Desired } from '../../engine/desired.ts';
import type { WantedState } from '../../engine/kernel-state.ts';
import { guardTable } from './guard-table.ts';
import { compileTable } from './table.ts';
import { translateTable } from './translate-table.ts';

/** What should be in force, in the kernel's words. */
export function compileWanted(desired: Desired): WantedState {
  return {
    tables: [compileTable(guardTable(desired.config)), compileTable(translateTable(desired))],
    routes: [...new Set(desired.unreachable.map(formatPrefix))].sort(),
  };
}

/** Nothing of ours: what `--withdraw` leaves behind. */
export const nothingWanted: WantedState = { tables: [], routes: [] };
