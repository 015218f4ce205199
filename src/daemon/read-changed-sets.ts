import { parseElements } from '../backend/nft/parse-table.ts';
import type { Read, TableState } from '../engine/kernel-state.ts';
import type { Processes } from '../host/host.ts';
import type { PartSeen } from './kernel-view.ts';
import { read } from './read-tool.ts';

/** A table as it was seen, and those of its sets that can have changed since. */
export interface ChangedSets {
  readonly table: TableState;
  readonly sets: readonly string[];
}

/**
 * Which part of this table has to be read anew; undefined where that is better done with all of it, since one `nft` for each set takes
 * longer than one for a table that is not large.
 */
export function changedSets({ seen, doubted }: PartSeen, key: string): ChangedSets | undefined {
  const table = seen.state.known ? seen.state.value.tables.find((each) => each.key === key) : undefined;
  if (!table) return undefined;
  const sets = [...table.elements.keys()].filter((set) => doubted.has(`${key} ${set}`));
  const spared = [...table.elements].filter(([set]) => !sets.includes(set));
  return spared.reduce((sum, [, { length }]) => sum + length, 0) >= worthSparing ? { table, sets } : undefined;
}

const worthSparing = 1000;

/** The table with the elements that these sets have now. */
export async function readChangedSets(processes: Processes, { table, sets }: ChangedSets): Promise<Read<TableState>> {
  const elements = new Map(table.elements);
  const lists = await Promise.all(sets.map((set) => readSet(processes, table, set)));
  for (const [at, list] of lists.entries()) {
    if (!list.known) return list;
    elements.set(sets[at]!, list.value);
  }
  return { known: true, value: { ...table, elements } };
}

function readSet(processes: Processes, { key, structure }: TableState, set: string): Promise<Read<readonly string[]>> {
  const kind = structure.some((line) => line.startsWith(`set ${set}: `) && line.includes(' : ')) ? 'map' : 'set';
  return read(processes, ['nft', '-j', 'list', kind, ...key.split(' '), set], parseElements);
}
