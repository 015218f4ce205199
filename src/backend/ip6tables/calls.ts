import type { Problem } from '../../core/problem.ts';
import { wantedCalls, type Call } from '../../core/ip6tables-calls.ts';
import { chainTableKey } from './chains.ts';

export function formatCall({ table, from, chain }: Call): string {
  return `${table} ${from} ${chain}`;
}

/** The command that makes the call, ahead of all other rules. */
export function callCommand({ table, from, chain }: Call): string {
  return `ip6tables -t ${table} -I ${from} -j ${chain}`;
}

/** What of these tables of ours nobody calls. */
export function missingCalls(calls: ReadonlySet<string>, tables: readonly { readonly key: string }[]): readonly Call[] {
  return wantedCalls.filter(
    (call) => tables.some(({ key }) => key === chainTableKey(call.table)) && !calls.has(formatCall(call)),
  );
}

export const allCalls: ReadonlySet<string> = new Set(wantedCalls.map(formatCall));

export function explainMissing(call: Call): Problem {
  const { table, from, chain } = call;
  return {
    code: 'chain-not-called',
    message: `nothing calls ${chain} from ${from} in table ${table} of ip6tables: ${without[`${table} ${from}`]}`,
    mend: callCommand(call),
  };
}

const without: Readonly<Record<string, string>> = {
  'mangle PREROUTING': 'packets from outside with inside addresses are let in',
  'mangle INPUT': 'the router itself is reached by its outside addresses unasked',
  'mangle FORWARD': 'inside hosts are reached unasked',
  'mangle POSTROUTING': 'inside addresses can leave untranslated',
  'nat PREROUTING': 'inside hosts have no outside addresses',
  'nat POSTROUTING': 'nothing that inside hosts send is translated, so the guard keeps it',
  'filter FORWARD': 'inside hosts are not told that there is no way out',
};
