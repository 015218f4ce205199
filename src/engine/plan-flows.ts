import { parsePrefix, type Prefix } from '../core/prefix.ts';
import { splitElement } from './plan-elements.ts';
import type { KernelState, WantedState, WantedTable } from './kernel-state.ts';
import type { FlowSelection } from './flows.ts';
import type { ElementChange, Step } from './step.ts';

/**
 * Which flows have to start anew after these steps, since conntrack keeps the translation that a flow began with.
 *
 * | what happens to an outside prefix      | its flows                                                            |
 * | -------------------------------------- | -------------------------------------------------------------------- |
 * | no longer used, no longer valid (dead) | deleted at once, by inside prefix and by destination                 |
 * | the same, and an older one still valid | deleted exactly: flows on the older one live on                      |
 * | no longer used, still valid            | live on                                                              |
 * | its validity ends later                | deleted exactly: only those that still carry it                      |
 * | first mapping of an inside prefix      | those that began before it, untranslated, are deleted                |
 */
export function planFlows(
  state: KernelState,
  wanted: WantedState,
  networks: readonly Prefix[],
  steps: readonly Step[],
): Step[] {
  const deleted: Step[] = [];
  const sweep = new Set<string>();
  for (const step of steps) {
    if (step.do === 'install-table' && outboundSets(step.table).length > 0) {
      sweep.add('flows that began before this mapping keep the course they began on');
    }
    if (step.do !== 'change-elements') continue;
    const table = wanted.tables.find(({ key }) => key === step.table)!;
    for (const change of step.changes) {
      const purpose = table.sets.get(change.set)!;
      // What is translated behind conntrack moves by itself.
      if ('mode' in purpose && purpose.mode === 'rfc6296') continue;
      if (purpose.decides === 'outbound') {
        const { dead, first } = readOutbound(change, valuesInForce(table, purpose.uplink));
        for (const [inside, outside] of dead) {
          const because = `${outside} is dead: its flows go on with the prefix in force, or end now`;
          if (servesOlder(state, table, purpose.uplink, inside)) sweep.add(because);
          else deleted.push({ do: 'delete-flows', flows: { which: 'translated-from', inside }, because });
          deleted.push({ do: 'delete-flows', flows: { which: 'towards', outside }, because });
        }
        if (first) sweep.add('flows that began before this mapping keep going untranslated');
      } else if (purpose.decides === 'inbound') {
        const still = new Set(change.add.map((element) => splitElement(element)[0]));
        const outbound = usedOutbound(state, table, purpose.uplink);
        for (const outside of change.remove.map((element) => splitElement(element)[0])) {
          if (still.has(outside) || outbound.has(outside)) continue;
          const because = `the valid lifetime of ${outside} is over`;
          deleted.push({ do: 'delete-flows', flows: { which: 'towards', outside }, because });
          sweep.add(because);
        }
      }
    }
  }
  if (sweep.size > 0) {
    deleted.push({ do: 'delete-flows', flows: selectStale(wanted, networks), because: [...sweep].join('; ') });
  }
  return deleted;
}

/** What conntrack should not keep beside the wanted state. */
export function selectStale(wanted: WantedState, networks: readonly Prefix[]): FlowSelection {
  return { which: 'stale', networks, inForce: inForce(wanted), stateless: wanted.stateless?.networks ?? [] };
}

/** Every outside prefix that conntrack translates by the wanted state. */
export function inForce(wanted: WantedState): Prefix[] {
  return wanted.tables
    .flatMap((table) =>
      [...table.sets]
        .filter(([, purpose]) => purpose.decides === 'inbound' && purpose.mode === 'stateful')
        .flatMap(([set]) => table.elements.get(set) ?? []),
    )
    .flatMap((element) => {
      const prefix = parsePrefix(splitElement(element)[0]);
      return prefix.ok ? [prefix.value] : [];
    });
}

function outboundSets(table: WantedTable): string[] {
  return [...table.sets].filter(([, { decides }]) => decides === 'outbound').map(([set]) => set);
}

/** The outside prefixes that the wanted table serves inbound on this uplink. */
function valuesInForce(table: WantedTable, uplink: string): Set<string> {
  const sets = [...table.sets].filter(([, purpose]) => purpose.decides === 'inbound' && purpose.uplink === uplink);
  return new Set(sets.flatMap(([set]) => table.elements.get(set) ?? []).map((element) => splitElement(element)[0]));
}

/** Whether another outside prefix of this inside prefix was served before and still is: flows on it are in order. */
function servesOlder(state: KernelState, table: WantedTable, uplink: string, inside: string): boolean {
  const present = state.tables.find(({ key }) => key === table.key);
  const sets = [...table.sets].filter(([, purpose]) => purpose.decides === 'inbound' && purpose.uplink === uplink);
  return sets.some(([set]) => {
    const before = present?.elements.get(set) ?? [];
    return table.elements.get(set)?.some((element) => before.includes(element) && splitElement(element)[1] === inside);
  });
}

/** The outside prefixes that new flows left with until now. */
function usedOutbound(state: KernelState, table: WantedTable, uplink: string): Set<string> {
  const present = state.tables.find(({ key }) => key === table.key);
  const sets = [...table.sets].filter(([, purpose]) => purpose.decides === 'outbound' && purpose.uplink === uplink);
  return new Set(sets.flatMap(([set]) => present?.elements.get(set) ?? []).map((element) => splitElement(element)[1]));
}

function readOutbound(
  change: ElementChange,
  served: ReadonlySet<string>,
): { dead: [string, string][]; first: boolean } {
  const before = new Map(change.remove.map(splitElement));
  return {
    dead: [...before].filter(([, outside]) => !served.has(outside)),
    first: change.add.some((element) => !before.has(splitElement(element)[0])),
  };
}
