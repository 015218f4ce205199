import type { Prefix } from '../core/prefix.ts';
import { difference, planElements } from './plan-elements.ts';
import { planFlows } from './plan-flows.ts';
import { planStateless } from './plan-stateless.ts';
import type { KernelState, Read, WantedState } from './kernel-state.ts';
import type { Step } from './step.ts';

/** The way from what is to what should be. `held`: nothing is done, since what is could not be read. */
export type Plan =
  | { readonly held: false; readonly steps: readonly Step[] }
  | { readonly held: true; readonly why: string; readonly steps: readonly [] };

/**
 * Pure and total. Adds before it removes; everything of nftables goes into one transaction.
 *
 * | observed                     | wanted          | step                                        |
 * | ---------------------------- | --------------- | ------------------------------------------- |
 * | unknown                      | anything        | hold                                        |
 * | no such table                | a table         | install-table, then delete stale flows      |
 * | its fixed part differs       | a table         | install-table (replaces), then the same     |
 * | only elements differ         | a table         | change-elements in place; flows as they fell |
 * | a table                      | no such table   | remove-table                                |
 * | route missing / not wanted   |                 | add-route / remove-route                    |
 * | rule missing / not wanted    |                 | add-rule / remove-rule                      |
 * | stateless translators        |                 | see `planStateless`                         |
 */
export function plan(observed: Read<KernelState>, wanted: WantedState, networks: readonly Prefix[]): Plan {
  if (!observed.known) return { held: true, why: observed.why, steps: [] };
  const state = observed.value;
  const stateless = planStateless(state.stateless, wanted.stateless);
  const steps: Step[] = [...stateless.before];

  const [present, wantedRoutes] = [new Set(state.routes), new Set(wanted.routes)];
  for (const prefix of wanted.routes) {
    if (present.has(prefix) && !losesRoute(prefix, stateless.before)) continue;
    steps.push({ do: 'add-route', prefix, because: explainRoute(prefix) });
  }
  const rules = difference('', state.rules ?? [], wanted.rules ?? []);
  for (const rule of rules?.add ?? []) {
    steps.push({ do: 'add-rule', rule, because: wanted.reasons?.get(rule) ?? 'packets find their uplink' });
  }
  for (const table of wanted.tables) {
    const seen = state.tables.find(({ key }) => key === table.key);
    if (!seen) {
      steps.push({
        do: 'install-table',
        table,
        replaces: false,
        because: `${table.key} is not there: ${table.purpose}`,
      });
    } else if (seen.structure.join('\n') !== table.structure.join('\n')) {
      const because = `${table.key} is not as it should be: ${table.purpose}`;
      steps.push({ do: 'install-table', table, replaces: true, because });
    } else {
      steps.push(...planElements(seen, table));
    }
  }
  for (const { key } of state.tables) {
    if (wanted.tables.some((table) => table.key === key)) continue;
    steps.push({ do: 'remove-table', table: key, because: `${key} is no longer wanted` });
  }
  for (const rule of rules?.remove ?? []) {
    steps.push({
      do: 'remove-rule',
      rule,
      because: 'packets whose way is another one by now need this rule no longer',
    });
  }
  for (const prefix of state.routes) {
    if (wantedRoutes.has(prefix)) continue;
    steps.push({ do: 'remove-route', prefix, because: explainNoRoute(prefix) });
  }
  steps.push(...stateless.after);
  steps.push(...planFlows(state, wanted, networks, steps));
  return { held: false, steps };
}

function explainRoute(prefix: string): string {
  const [route, table] = prefix.split(' table ');
  if (table !== undefined) {
    return route!.includes(' dev ')
      ? `table ${table} has the ways that there are through its uplink`
      : `what belongs to the uplink of table ${table} leaves by no other`;
  }
  const [outside, detour] = prefix.split(' dev ');
  return detour === undefined
    ? `what of ${prefix} has no route of its own must not go out`
    : `inside hosts reach each other at ${outside} through ${detour}`;
}

function explainNoRoute(prefix: string): string {
  const [route, table] = prefix.split(' table ');
  return table === undefined
    ? `${prefix} needs no route of ours any longer`
    : `${route} is no longer a way for table ${table}`;
}

/** A route goes with its device. */
function losesRoute(prefix: string, steps: readonly Step[]): boolean {
  const [, detour] = prefix.split(' dev ');
  return detour !== undefined && steps.some((step) => step.do === 'remove-detour' && step.name === detour);
}
