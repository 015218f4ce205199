import { findDetours, listLinks, parseLinks } from '../backend/bpf/detours.ts';
import { listFilters, parseFilters } from '../backend/bpf/filters.ts';
import {
  listTables,
  parseCountersText,
  parseTable,
  parseTableList,
  type CountedTable,
} from '../backend/nft/parse-table.ts';
import { parseSave, saveCommand, type SavedChains } from '../backend/ip6tables/parse-save.ts';
import type { Backend } from '../engine/config.ts';
import { filterTableKey } from '../backend/xen/filter-table.ts';
import { listRoutes, parseRoutes } from '../backend/route/routes.ts';
import type { KernelState, Read, TableState } from '../engine/kernel-state.ts';
import type { FlowtableAnswer } from '../engine/offload.ts';
import type { UplinkLink } from '../engine/uplink-link.ts';
import { listRules, parseRules } from '../backend/route/rules.ts';
import type { AttachedProgram, Link } from '../engine/stateless.ts';
import type { Processes } from '../host/host.ts';
import type { PartSeen } from './kernel-view.ts';
import { changedSets, readChangedSets, type ChangedSets } from './read-changed-sets.ts';
import { judgeOutput, read } from './read-tool.ts';
import { nothingWatched, readUplinks, type WatchedUplinks } from './read-uplinks.ts';

const detourTableName = 'netdev sixgate_guard';
const translateTableName = 'ip6 sixgate';

/** The tables that a pass may make, change and remove. */
export const ownTables = ['inet sixgate_guard', translateTableName, detourTableName] as const;

export interface Observation {
  readonly state: Read<KernelState>;
  readonly links: readonly Link[];
  /** What is seen of the uplinks that were asked for. */
  readonly uplinks: readonly UplinkLink[];
  /** Packets by counter name, summed over the tables that were read as a whole. */
  readonly counters: ReadonlyMap<string, number>;
  /** Of a table only some sets were read; the rest is as it was seen before. */
  readonly partly?: true;
  /** Names of all tables that are ours, also those that a daemon holds. */
  readonly tableNames: readonly string[];
  /** Whether the kernel takes a flowtable; left out where the configuration asks for none. */
  readonly flowtables?: FlowtableAnswer;
  /** With backend ip6tables, where there is nft and it could not say which tables there are. */
  readonly namesUnknown?: true;
  /** With backend ip6tables only. */
  readonly chains?: SavedChains;
}

/**
 * Reads what is ours in the kernel, all at once. What can't be read makes the whole state unknown. Counters are those of
 * our tables; `readHeldCounters` has the others. `stateless`: the interfaces of uplinks that translate without state; others are
 * asked for translators only where they have a detour. `watched`: the uplinks that are looked at as ways out. `before`: what was seen
 * last, where nothing but elements of some sets can have changed.
 */
export async function observeKernel(
  processes: Processes,
  stateless: readonly string[] = [],
  watched: WatchedUplinks = nothingWatched,
  before?: PartSeen,
): Promise<Observation> {
  const changed = before && changedSets(before, translateTableName);
  const [names, routes, rules, links, ...first] = await Promise.all([
    read(processes, listTables, parseTableList),
    read(processes, listRoutes, parseRoutes),
    read(processes, listRules, parseRules),
    read(processes, listLinks, parseLinks),
    readOwnTable(processes, 'inet sixgate_guard'),
    changed ? readPart(processes, changed) : readOwnTable(processes, translateTableName),
  ]);
  if (!names.known) return nothing(names);
  if (!routes.known) return nothing(routes);
  if (!rules.known) return nothing(rules);
  if (!links.known) return nothing(links);
  const detours = findDetours(links.value);
  const devices = new Set([...stateless, ...detours.flatMap(({ name, uplink }) => [name, uplink])]);
  const present = [...devices].filter((device) => links.value.some(({ name }) => name === device));
  const [programs, ways, ...second] = await Promise.all([
    readPrograms(processes, present),
    readUplinks(processes, watched, links.value),
    ...(names.value.includes(detourTableName) ? [readOwnTable(processes, detourTableName)] : []),
  ]);
  if (!programs.known) return nothing(programs);
  if (!ways.known) return nothing(ways);
  const counters = new Map<string, number>();
  const tables: TableState[] = [];
  let partly = false;
  for (const table of [...first, ...second]) {
    if (!table.known) return nothing(table);
    if (!table.value) continue;
    tables.push(table.value.state);
    if (table.value.counters) addCounters(counters, table.value.counters);
    else partly = true;
  }
  const tableNames = names.value.filter(isOwnTableName);
  const translators = { detours, programs: programs.value };
  const value = {
    tables,
    routes: routes.value,
    ...(rules.value.length > 0 && { rules: rules.value }),
    ...(present.length > 0 && { stateless: translators }),
  };
  return {
    state: { known: true, value },
    links: links.value,
    uplinks: ways.value,
    counters,
    ...(partly && { partly }),
    tableNames,
  };
}

/** The counters of an observation, with those of tables that a daemon holds, which nobody but it can change. */
export async function readHeldCounters(
  processes: Processes,
  { counters, tableNames }: Observation,
): Promise<ReadonlyMap<string, number>> {
  const held = tableNames.filter((name) => !ownTables.some((own) => own === name));
  const sum = new Map(counters);
  addCounters(sum, (await readCounters(processes, held)).counters);
  return sum;
}

/** Packets by counter name now, summed over these tables of ours; `complete` is false where one could not be read. */
export async function readCounters(
  processes: Processes,
  tableNames: readonly string[],
  backend: Backend = 'nftables',
): Promise<{ readonly counters: ReadonlyMap<string, number>; readonly complete: boolean }> {
  const counters = new Map<string, number>();
  let complete = true;
  if (backend === 'ip6tables') {
    const saved = await read(processes, saveCommand, parseSave);
    if (saved.known) addCounters(counters, saved.value.counters);
    else complete = false;
  }
  for (const name of tableNames) {
    const argv = ['nft', '-t', 'list', 'table', ...name.split(' ')] as [string, ...string[]];
    const counted = await read(processes, argv, (text) => ({ known: true, value: parseCountersText(text) }));
    if (counted.known) addCounters(counters, counted.value);
    else complete = false;
  }
  return { counters, complete };
}

/** The filter of Xen guests has counters of its own, which are not the guard's. */
export function isOwnTableName(name: string): boolean {
  return /^(inet|ip6|netdev) sixgate/.test(name) && name !== filterTableKey;
}

function addCounters(sum: Map<string, number>, counters: ReadonlyMap<string, number>): void {
  for (const [counter, packets] of counters) sum.set(counter, (sum.get(counter) ?? 0) + packets);
}

async function readPrograms(
  processes: Processes,
  devices: readonly string[],
): Promise<Read<readonly AttachedProgram[]>> {
  const all = await Promise.all(
    devices.flatMap((device) =>
      (['ingress', 'egress'] as const).map((hook) =>
        read(processes, listFilters(device, hook), (text) => parseFilters(text, device, hook)),
      ),
    ),
  );
  const programs: AttachedProgram[] = [];
  for (const each of all) {
    if (!each.known) return each;
    programs.push(...each.value);
  }
  return { known: true, value: programs };
}

/** Without counters where only a part was read. */
interface SeenTable extends Omit<CountedTable, 'counters'> {
  readonly counters?: CountedTable['counters'];
}

/** Where that fails, all of the table. */
async function readPart(processes: Processes, changed: ChangedSets): Promise<Read<SeenTable | undefined>> {
  const part = await readChangedSets(processes, changed);
  return part.known ? { known: true, value: { state: part.value } } : readOwnTable(processes, changed.table.key);
}

/** Undefined where there is no such table. */
async function readOwnTable(processes: Processes, name: string): Promise<Read<SeenTable | undefined>> {
  const argv = ['nft', '-j', 'list', 'table', ...name.split(' ')] as [string, ...string[]];
  const output = await processes.run({ argv });
  if (output.ok && output.value.code !== 0 && output.value.stderr.includes('No such file or directory')) {
    return { known: true, value: undefined };
  }
  return judgeOutput(output, { argv }, parseTable);
}

export function nothing(state: Read<never> & { known: false }): Observation {
  return { state, links: [], uplinks: [], counters: new Map(), tableNames: [] };
}
