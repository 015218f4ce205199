import type { Read, TableState } from '../../engine/kernel-state.ts';
import { byChain, chainTableKey, type Ip6tablesTable } from './chains.ts';
import { chainPrefix, readChainKind } from './chain-names.ts';
import { parseElementRule } from './element-rule.ts';

/** What `ip6tables-save -c` shows of us. */
export interface SavedChains {
  /** A table counts as there where one of its chains of ours has a rule, or is one that nobody but us calls. */
  readonly tables: readonly TableState[];
  /** By table: our chains and their rules as they were printed. */
  readonly own: ReadonlyMap<Ip6tablesTable, OwnChains>;
  /** Those of our chains that every packet of a built-in chain comes to, as `nat POSTROUTING SIXGATE-POST`. */
  readonly calls: ReadonlySet<string>;
  /** Packets by counter name, as the nftables tables have them. */
  readonly counters: ReadonlyMap<string, number>;
}

export interface OwnChains {
  readonly chains: readonly string[];
  /** As in `-A SIXGATE-PRE -i eth0 -j DROP`. */
  readonly rules: readonly string[];
  /** Chains of ours that rules of others name. */
  readonly called: ReadonlySet<string>;
}

interface SavedRule {
  readonly chain: string;
  /** Without `-A CHAIN`. */
  readonly text: string;
  readonly packets: number;
}

export const saveCommand = ['ip6tables-save', '-c'] as const;

const tableNames: ReadonlySet<string> = new Set<Ip6tablesTable>(['mangle', 'nat', 'filter']);

/**
 * Reads the output of `ip6tables-save -c`. A table that ip6tables cannot show, since somebody put rules of nft into it, makes all of
 * it unknown, as anything does that is not understood here.
 */
export function parseSave(text: string): Read<SavedChains> {
  const saved = new Map<Ip6tablesTable, { chains: string[]; rules: SavedRule[] }>();
  let current: { chains: string[]; rules: SavedRule[] } | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) {
      const incompatible = /^# Table `(\S+)' is incompatible/.exec(line)?.[1];
      if (incompatible !== undefined && tableNames.has(incompatible)) {
        return unknown(`it cannot show table ${incompatible}, in which somebody has rules of nft`);
      }
    } else if (line.startsWith('*')) {
      const name = line.slice(1).trim();
      current = { chains: [], rules: [] };
      if (tableNames.has(name)) saved.set(name as Ip6tablesTable, current);
    } else if (line.startsWith(':')) {
      const chain = /^:(\S+) /.exec(line)?.[1];
      if (chain === undefined) return unknown(line);
      current?.chains.push(chain);
    } else if (line !== '' && line !== 'COMMIT') {
      const rule = /^\[(\d+):\d+\] -A (\S+) ?(.*)$/.exec(line);
      if (!rule || !current) return unknown(line);
      current.rules.push({ chain: rule[2]!, text: rule[3]!, packets: Number(rule[1]) });
    }
  }
  const counters = new Map<string, number>();
  const tables: TableState[] = [];
  const own = new Map<Ip6tablesTable, OwnChains>();
  const calls = new Set<string>();
  for (const [table, { chains, rules }] of saved) {
    const ours = rules.filter(({ chain }) => isOurs(chain));
    own.set(table, {
      chains: chains.filter(isOurs),
      rules: ours.map(({ chain, text: rule }) => `-A ${chain} ${rule}`),
      called: new Set(rules.filter(({ chain }) => !isOurs(chain)).flatMap(({ text: rule }) => readTarget(rule) ?? [])),
    });
    const state = readState(table, chains.filter(isOurs), ours);
    if (state) tables.push(state);
    for (const call of findCalls(table, rules)) calls.add(call);
    for (const rule of ours) count(counters, table, rule);
  }
  return { known: true, value: { tables, own, calls, counters } };
}

function unknown(what: string): { known: false; why: string } {
  return { known: false, why: `the output of ip6tables-save was not understood: ${what}` };
}

function isOurs(chain: string): boolean {
  return chain.startsWith(chainPrefix);
}

function readState(
  table: Ip6tablesTable,
  chains: readonly string[],
  rules: readonly SavedRule[],
): TableState | undefined {
  if (rules.length === 0 && !chains.some((chain) => readChainKind(chain) !== undefined)) return undefined;
  const structure = chains.map((chain) => `chain ${chain}`);
  const elements = new Map<string, string[]>();
  for (const { chain, text } of rules) {
    const element = parseElementRule(chain, text);
    const known = elements.get(chain) ?? [];
    if (element === undefined) {
      const comment = /-m comment --comment "((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
      structure.push(`rule ${chain}: ${comment?.replaceAll(/\\(.)/g, '$1') ?? 'not ours'}`);
    } else if (known.includes(element)) structure.push(`rule ${chain}: twice`);
    else elements.set(chain, [...known, element]);
  }
  return {
    key: chainTableKey(table),
    structure: structure.sort(byChain),
    elements: new Map([...elements].map(([chain, of]) => [chain, of.sort()])),
  };
}

const builtIn = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

/** Only what every packet comes to counts: a jump without a condition, also from a chain that is itself called so. */
function findCalls(table: Ip6tablesTable, rules: readonly SavedRule[]): string[] {
  const jumps = rules.flatMap(({ chain, text }) => {
    const to = /^(?:-m comment --comment "(?:[^"\\]|\\.)*" )?-[jg] (\S+)$/.exec(text)?.[1];
    return to === undefined || isOurs(chain) ? [] : [{ chain, to }];
  });
  const reach = (chain: string, seen: readonly string[]): string[] =>
    jumps
      .filter((jump) => jump.chain === chain && !seen.includes(jump.to))
      .flatMap(({ to }) => (isOurs(to) ? [to] : reach(to, [...seen, to])));
  const starts = [...new Set(jumps.map(({ chain }) => chain))].filter((chain) => builtIn.test(chain));
  return starts.flatMap((start) => reach(start, [start]).map((chain) => `${table} ${start} ${chain}`));
}

function readTarget(rule: string): string | undefined {
  const target = / ?-[jg] (\S+)/.exec(rule)?.[1];
  return target !== undefined && isOurs(target) ? target : undefined;
}

/** Rules that stop packets are counted under the names that the nftables tables have for the same. */
function count(counters: Map<string, number>, table: Ip6tablesTable, { chain, text, packets }: SavedRule): void {
  const target = / ?-j (DROP|REJECT)( |$)/.exec(text)?.[1];
  if (target === undefined) return;
  const name = table === 'filter' ? 'unmapped' : counterOf(chain);
  counters.set(name, (counters.get(name) ?? 0) + packets);
}

function counterOf(chain: string): string {
  if (chain === 'SIXGATE-PRE') return 'arriving';
  if (chain === 'SIXGATE-FWD') return 'returning';
  return readChainKind(chain) === 'ASK' ? 'denied' : 'leaving';
}
