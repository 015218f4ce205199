import { compileRoutes } from '../../backend/route/routes.ts';
import { compileRules } from '../../backend/route/rules.ts';
import type { Problem } from '../../core/problem.ts';
import { parsePrefix, type Prefix } from '../../core/prefix.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { nothingWanted } from '../../backend/nft/wanted-tables.ts';
import type { Step } from '../../engine/step.ts';
import type { TableState } from '../../engine/kernel-state.ts';
import { splitElement } from '../../engine/plan-elements.ts';
import { plan } from '../../engine/plan.ts';
import type { Host, Processes } from '../../host/host.ts';
import { deleteFlows } from '../delete-flows.ts';
import { observeChains } from '../observe-chains.ts';
import { observeKernel, ownTables, type Observation } from '../observe-kernel.ts';
import { removeTranslators } from '../put-translators.ts';
import { runTool } from '../run-tool.ts';
import { routeCommand } from '../waiting-commands.ts';

/** Everything of ours in the kernel at one moment, as text that brings it back. */
export interface KernelSnapshot {
  readonly tables: readonly TableText[];
  readonly routes: readonly string[];
  /** Routing rules. */
  readonly rules: readonly string[];
  /** Inside and outside prefixes that were mapped. */
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  /** There were translators, which no text brings back. */
  readonly stateless: boolean;
  /** There were chains of ours in ip6tables, which come from a configuration too. */
  readonly chains: boolean;
}

interface TableText {
  /** Family and name. */
  readonly name: string;
  /** As `nft list table` prints it, with the counts of its counters. */
  readonly text: string;
  /** The same without counts: equal where only they went on. */
  readonly bare: string;
}

/** `chains`: ip6tables is looked at too. */
export async function takeSnapshot({ processes }: Host, chains: boolean): Promise<Result<KernelSnapshot>> {
  const { state, tableNames } = await observeKernel(processes);
  if (!state.known) return fail({ code: state.code ?? 'kernel-unreadable', message: state.why });
  const tables = await listTables(processes, tableNames);
  if (!tables.ok) return tables;
  return succeed({
    tables: tables.value,
    routes: state.value.routes,
    rules: state.value.rules ?? [],
    ...mappedPrefixes(state.value.tables),
    stateless: state.value.stateless !== undefined,
    chains: chains && hasTables(await observeChains(processes)),
  });
}

function hasTables({ state }: Observation): boolean {
  return state.known && state.value.tables.length > 0;
}

/**
 * Brings it back: tables that differ now in one transaction, then routes; translators that were not there are taken away, and flows
 * that `networks` or what was mapped then began meanwhile start anew. What could not be done; empty where all is as it was.
 */
export async function restoreSnapshot(
  host: Host,
  snapshot: KernelSnapshot,
  networks: readonly Prefix[],
): Promise<readonly Problem[]> {
  const { processes } = host;
  const now = await takeSnapshot(host, false);
  if (!now.ok) return [now.problem];
  const problems: Problem[] = [];
  const attempt = async (work: Promise<Result<unknown>>): Promise<void> => {
    const done = await work;
    if (!done.ok) problems.push(done.problem);
  };
  const script = compileRestore(now.value.tables, snapshot.tables);
  await attempt(batch(processes, compileWays('add', now.value, snapshot)));
  if (script !== '') await attempt(runTool(processes, { argv: ['nft', '-f', '-'], input: script }));
  await attempt(batch(processes, compileWays('remove', snapshot, now.value)));
  if (now.value.stateless && !snapshot.stateless) {
    const { state } = await observeKernel(processes);
    problems.push(...(await removeTranslators(host, plan(state, nothingWanted, []).steps)));
  }
  if (script !== '') {
    const all = [...networks, ...readPrefixes(snapshot.inside)];
    const flows = { which: 'stale', networks: all, inForce: readPrefixes(snapshot.outside), stateless: [] } as const;
    await attempt(deleteFlows(processes, flows));
  }
  return problems;
}

/** A table of both that is as it was is not touched, so that its place among the others and its counts stay too. */
function compileRestore(now: readonly TableText[], before: readonly TableText[]): string {
  const isIn = (tables: readonly TableText[], { name, bare }: TableText): boolean =>
    tables.some((other) => other.name === name && other.bare === bare);
  const gone = now.filter((table) => !isIn(before, table)).map(({ name }) => `delete table ${name}\n`);
  const back = before.filter((table) => !isIn(now, table)).map(({ text }) => text);
  return [...gone, ...back].join('');
}

type Ways = Pick<KernelSnapshot, 'routes' | 'rules'>;

/** Lines for the routes and rules of `wanted` that `others` lack; at no moment does a rule point to nothing. */
function compileWays(verb: 'add' | 'remove', others: Ways, wanted: Ways): string[] {
  const without = (these: readonly string[], those: readonly string[]) => these.filter((each) => !those.includes(each));
  const steps: Step[] = [
    ...without(wanted.routes, others.routes).map((prefix) => ({ do: `${verb}-route`, prefix, because: '' }) as const),
    ...without(wanted.rules, others.rules).map((rule) => ({ do: `${verb}-rule`, rule, because: '' }) as const),
  ];
  const [routes, rules] = [compileRoutes(steps, `${verb}-route`), compileRules(steps, `${verb}-rule`)];
  return verb === 'add' ? [...routes, ...rules] : [...rules, ...routes];
}

async function batch(processes: Processes, lines: readonly string[]): Promise<Result<unknown>> {
  if (lines.length === 0) return succeed(undefined);
  return runTool(processes, { argv: routeCommand, input: `${lines.join('\n')}\n` });
}

async function listTables(processes: Processes, present: readonly string[]): Promise<Result<readonly TableText[]>> {
  const tables: TableText[] = [];
  for (const name of ownTables) {
    if (!present.includes(name)) continue;
    const [family = '', table = ''] = name.split(' ');
    const text = await runTool(processes, { argv: ['nft', 'list', 'table', family, table] });
    if (!text.ok) return text;
    const bare = await runTool(processes, { argv: ['nft', '-s', 'list', 'table', family, table] });
    if (!bare.ok) return bare;
    tables.push({ name, text: text.value.stdout, bare: bare.value.stdout });
  }
  return succeed(tables);
}

/** By the maps that `translateTable` makes: `in_UPLINK` holds what is served from outside. */
function mappedPrefixes(tables: readonly TableState[]): { inside: string[]; outside: string[] } {
  const elements = tables
    .filter(({ key }) => key === 'ip6 sixgate')
    .flatMap((table) => [...table.elements].filter(([set]) => set.startsWith('in_')).flatMap(([, each]) => each))
    .map(splitElement);
  return { outside: elements.map(([outside]) => outside), inside: elements.map(([, inside]) => inside) };
}

function readPrefixes(texts: readonly string[]): Prefix[] {
  return texts.flatMap((text) => {
    const prefix = parsePrefix(text);
    return prefix.ok ? [prefix.value] : [];
  });
}
