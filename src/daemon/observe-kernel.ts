import { parseCounters, parseCountersText, parseTable, parseTableList } from '../backend/nft/parse-table.ts';
import { listRoutes, parseRoutes } from '../backend/route/routes.ts';
import type { KernelState, Read, TableState } from '../engine/kernel-state.ts';
import type { Processes } from '../host/host.ts';
import { runTool } from './run-tool.ts';

/** The tables that a pass may make, change and remove. */
export const ownTables = ['inet sixgate_guard', 'ip6 sixgate'] as const;

export interface Observation {
  readonly state: Read<KernelState>;
  /** Packets by counter name, summed over our tables. */
  readonly counters: ReadonlyMap<string, number>;
  /** Names of all tables that are ours, also those that a daemon holds. */
  readonly tableNames: readonly string[];
}

/** Reads what is ours in the kernel. What can't be read makes the whole state unknown. */
export async function observeKernel(processes: Processes): Promise<Observation> {
  const [names, routes] = await Promise.all([
    read(processes, ['nft', 'list', 'tables'], parseTableList),
    read(processes, listRoutes, parseRoutes),
  ]);
  if (!names.known) return nothing(names);
  if (!routes.known) return nothing(routes);
  const tableNames = names.value.filter((name) => /^(inet|ip6) sixgate/.test(name));
  const each = await Promise.all(tableNames.map((name) => readTable(processes, name)));
  const counters = new Map<string, number>();
  const tables: TableState[] = [];
  for (const table of each) {
    if (!table.known) return nothing(table);
    const { state, counted } = table.value;
    for (const [counter, packets] of counted) counters.set(counter, (counters.get(counter) ?? 0) + packets);
    if (state) tables.push(state);
  }
  return { state: { known: true, value: { tables, routes: routes.value } }, counters, tableNames };
}

interface ReadTable {
  /** Undefined for a table that a daemon holds: nobody but its holder can change it. */
  readonly state?: TableState;
  readonly counted: ReadonlyMap<string, number>;
}

async function readTable(processes: Processes, name: string): Promise<Read<ReadTable>> {
  const [family = '', table = ''] = name.split(' ');
  if (!ownTables.some((own) => own === name)) {
    return read(processes, ['nft', 'list', 'table', family, table], (text) => ({
      known: true,
      value: { counted: parseCountersText(text) },
    }));
  }
  return read(processes, ['nft', '-j', 'list', 'table', family, table], (text) => {
    const state = parseTable(text);
    if (!state.known) return state;
    const counted = parseCounters(text);
    return counted.known ? { known: true, value: { state: state.value, counted: counted.value } } : counted;
  });
}

function nothing(state: Read<never> & { known: false }): Observation {
  return { state, counters: new Map(), tableNames: [] };
}

async function read<T>(
  processes: Processes,
  argv: readonly [string, ...string[]],
  parse: (text: string) => Read<T>,
): Promise<Read<T>> {
  const output = await runTool(processes, { argv });
  if (!output.ok) {
    const { code, message } = output.problem;
    return { known: false, why: message, code: code === 'apply-failed' ? 'kernel-unreadable' : code };
  }
  return parse(output.value.stdout);
}
