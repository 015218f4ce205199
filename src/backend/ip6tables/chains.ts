import { fingerprint } from '../../core/fingerprint.ts';
import type { SetPurpose, WantedTable } from '../../engine/kernel-state.ts';
import { formatElementRule } from './element-rule.ts';

export type Ip6tablesTable = 'mangle' | 'nat' | 'filter';

/** Our chains in one table of ip6tables, as data. */
export interface ChainTable {
  readonly table: Ip6tablesTable;
  readonly purpose: string;
  readonly chains: readonly Chain[];
}

export interface Chain {
  readonly name: string;
  /** The fixed part. */
  readonly rules: readonly Rule[];
  /** Rules before the fixed ones that come and go with prefixes, in the notation of `element-rule.ts`. */
  readonly elements?: { readonly purpose: SetPurpose; readonly of: readonly string[] };
}

export interface Rule {
  /** What it matches, in the grammar of ip6tables-restore. */
  readonly match: string;
  /** `-j TARGET` or `-g CHAIN`. */
  readonly target: string;
  /** What it is for; becomes part of its comment. */
  readonly why: string;
}

/** The table's key in a state; those of nftables have a family there. */
export function chainTableKey(table: Ip6tablesTable): string {
  return `ip6tables ${table}`;
}

/**
 * A rule's comment ends in a fingerprint of its text: ip6tables-save prints options in an order of its own, but it gives comments
 * back as they were.
 */
export function ruleComment({ match, target, why }: Rule): string {
  return `${why} [${fingerprint(`${match} ${target}`)}]`;
}

/** As a table of the engine's: a chain of elements is a set. */
export function compileChains({ table, purpose, chains }: ChainTable): WantedTable {
  const changing = chains.flatMap(({ name, elements }) => (elements ? [{ name, ...elements }] : []));
  return {
    key: chainTableKey(table),
    purpose,
    definition: [
      ...chains.map(({ name }) => `:${name} - [0:0]`),
      ...chains.flatMap(({ name, rules }) =>
        rules.map((rule) =>
          ['-A', name, ...(rule.match === '' ? [] : [rule.match]), comment(rule), rule.target].join(' '),
        ),
      ),
    ].join('\n'),
    structure: [
      ...chains.map(({ name }) => `chain ${name}`),
      ...chains.flatMap(({ name, rules }) => rules.map((rule) => `rule ${name}: ${ruleComment(rule)}`)),
    ].sort(byChain),
    elements: new Map(changing.map(({ name, of }) => [name, [...of].sort()])),
    sets: new Map(changing.map(({ name, purpose: decides }) => [name, decides])),
  };
}

/** Chains in order of their names, rules within them as they stand: sorting is stable. */
export function byChain(one: string, other: string): number {
  const [first, second] = [one, other].map((line) => line.replace(/: .*/s, ''));
  return first! < second! ? -1 : first! > second! ? 1 : 0;
}

/** Puts an element into its chain or takes it out. */
export function changeElement(how: 'add' | 'remove', chain: string, element: string): string {
  // In front, since the fixed rules of such a chain are for what no element matches.
  return `${how === 'add' ? '-I' : '-D'} ${chain} ${formatElementRule(chain, element)}`;
}

function comment(rule: Rule): string {
  return `-m comment --comment "${ruleComment(rule)}"`;
}
