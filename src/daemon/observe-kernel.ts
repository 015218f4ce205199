import { parseCounters, parseTable, parseTableList } from '../backend/nft/parse-table.ts';
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
    read(processes, ['nft', '-j', 'list', 'tables'], parseTableList),
    read(processes, listRoutes, parseRoutes),
  ]);
  if (!names.known) return nothing(names);
  const tableNames = names.value.filter((name) => /^(inet|ip6) sixgate/.test(name));
  const texts = await Promise.all(
    tableNames.map((name) =>
      read(processes, ['nft', '-j', 'list', 'table', ...split(name)], (text) => ({ known: true, value: text })),
    ),
  );
  const counters = new Map<string, number>();
  const tables: TableState[] = [];
  for (const [index, name] of tableNames.entries()) {
    const text = texts[index]!;
    if (!text.known) return nothing(text);
    const counted = parseCounters(text.value);
    if (counted.known)
      for (const [counter, packets] of counted.value) counters.set(counter, (counters.get(counter) ?? 0) + packets);
    if (!ownTables.some((own) => own === name)) continue;
    const table = parseTable(text.value);
    if (!table.known) return nothing(table);
    tables.push(table.value);
  }
  if (!routes.known) return nothing(routes);
  return { state: { known: true, value: { tables, routes: routes.value } }, counters, tableNames };
}

function nothing(state: Read<never> & { known: false }): Observation {
  return { state, counters: new Map(), tableNames: [] };
}

function split(name: string): [string, string] {
  const [family = '', table = ''] = name.split(' ');
  return [family, table];
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
