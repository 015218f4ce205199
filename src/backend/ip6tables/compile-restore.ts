import type { Step } from '../../engine/step.ts';
import type { Call } from '../../core/ip6tables-calls.ts';
import { callCommand } from './calls.ts';
import { chainTableKey, changeElement, type Ip6tablesTable } from './chains.ts';
import type { OwnChains, SavedChains } from './parse-save.ts';

export const restoreCommand = ['ip6tables-restore', '--noflush', '--wait=5'] as const;

/** That a step is ip6tables' business. */
export function changesChains(step: Step): boolean {
  const key = step.do === 'install-table' ? step.table.key : 'table' in step ? step.table : '';
  return key.startsWith('ip6tables ');
}

/** Each table is a transaction of its own. The guard's comes first with what it closes and last with what it opens. */
interface Section {
  readonly table: Ip6tablesTable;
  readonly lines: string[];
}

/**
 * The input of `ip6tables-restore --noflush` for all steps of a plan that are ip6tables' business, and for these calls from
 * built-in chains; undefined where there is nothing. `saved` is what the plan was made from.
 */
export function compileRestore(
  steps: readonly Step[],
  saved: SavedChains | undefined,
  calls: readonly Call[] = [],
): string | undefined {
  const closing: Section = { table: 'mangle', lines: [] };
  const opening: Section = { table: 'mangle', lines: [] };
  const nat: Section = { table: 'nat', lines: [] };
  const filter: Section = { table: 'filter', lines: [] };
  for (const { table, lines } of [closing, nat, filter]) {
    const add = (line: string): void => void (table === 'mangle' ? opening : { lines }).lines.push(line);
    const present = saved?.own.get(table);
    for (const step of steps) {
      if (step.do === 'install-table' && step.table.key === chainTableKey(table)) {
        lines.push(step.table.definition);
        const declared = new Set(step.table.structure.flatMap((line) => /^chain (\S+)$/.exec(line)?.[1] ?? []));
        lines.push(...removeChains(present, (chain) => !declared.has(chain)));
        for (const [chain, elements] of step.table.elements) {
          for (const element of elements) add(changeElement('add', chain, element));
        }
      } else if (step.do === 'change-elements' && step.table === chainTableKey(table)) {
        for (const change of step.changes) {
          lines.push(...change.remove.map((element) => changeElement('remove', change.set, element)));
          for (const element of change.add) add(changeElement('add', change.set, element));
        }
      } else if (step.do === 'remove-table' && step.table === chainTableKey(table)) {
        lines.push(...removeChains(present, () => true));
      }
    }
    lines.push(
      ...calls.filter((call) => call.table === table).map((call) => callCommand(call).replace(/^.* -I/, '-I')),
    );
  }
  return format([closing, nat, filter, opening]);
}

/**
 * What puts our chains back as they were seen. For a failure: the tables before the one that failed have been changed by then.
 */
export function compileBackup({ own }: SavedChains, steps: readonly Step[]): string | undefined {
  const sections = (['mangle', 'nat', 'filter'] as const).map((table): Section => {
    const key = chainTableKey(table);
    const touched = steps.filter((step) =>
      step.do === 'install-table' ? step.table.key === key : 'table' in step && step.table === key,
    );
    if (touched.length === 0) return { table, lines: [] };
    const { chains, rules } = own.get(table) ?? nothing;
    const made = touched
      .flatMap((step) => (step.do === 'install-table' ? step.table.structure : []))
      .flatMap((line) => /^chain (\S+)$/.exec(line)?.[1] ?? [])
      .filter((chain) => !chains.includes(chain));
    return {
      table,
      lines: [
        ...[...chains, ...made].map((chain) => `:${chain} - [0:0]`),
        ...rules,
        ...made.map((chain) => `-X ${chain}`),
      ],
    };
  });
  return format(sections);
}

const nothing: OwnChains = { chains: [], rules: [], called: new Set() };

/** Chains that rules of others name are only emptied: ip6tables would refuse, and the rule is its owner's. */
function removeChains(present: OwnChains | undefined, which: (chain: string) => boolean): string[] {
  const { chains, called } = present ?? nothing;
  const gone = chains.filter(which);
  return [
    ...gone.map((chain) => `-F ${chain}`),
    ...gone.filter((chain) => !called.has(chain)).map((chain) => `-X ${chain}`),
  ];
}

function format(sections: readonly Section[]): string | undefined {
  const filled = sections.filter(({ lines }) => lines.length > 0);
  if (filled.length === 0) return undefined;
  return filled.map(({ table, lines }) => `*${table}\n${lines.join('\n')}\nCOMMIT\n`).join('');
}
