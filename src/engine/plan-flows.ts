import { formatPrefix, parsePrefix, type Prefix } from '../core/prefix.ts';
import { rememberOnce } from '../core/remember-once.ts';
import { coverPrefixes } from './cover-prefixes.ts';
import { splitElement } from './plan-elements.ts';
import type { KernelState, WantedState, WantedTable } from './kernel-state.ts';
import type { FlowSelection, Marked, OnUplink } from './flows.ts';
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
 *
 * Where there are several uplinks, only flows that live on that one are meant; those of an uplink that is given up are deleted all.
 */
export function planFlows(
  state: KernelState,
  wanted: WantedState,
  networks: readonly Prefix[],
  steps: readonly Step[],
): Step[] {
  const deleted: Step[] = [];
  const sweep = new Set<string>();
  const markOf = (name: string): Marked | undefined => marksOf(wanted).find(({ uplink }) => uplink === name)?.marked;
  for (const step of steps) {
    deleted.push(...givenUp(step, wanted));
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
        const served = valuesInForce(table, purpose.uplink);
        const { dead, first } = readOutbound(change, served);
        const older = servedOlder(state, table, purpose.uplink);
        const inside = keysInForce(table, purpose.uplink);
        deleted.push(...deleteDead(dead, older, inside, served, markOf(purpose.uplink)));
        if (dead.some(([each]) => older.has(each))) sweep.add(whyDead(dead.map(([, outside]) => outside)));
        if (first) sweep.add('flows that began before this mapping keep going untranslated');
      } else if (purpose.decides === 'inbound') {
        const still = new Set(change.add.map((element) => splitElement(element)[0]));
        const outbound = usedOutbound(state, table, purpose.uplink);
        const ended = keysOf(change.remove).filter((outside) => !still.has(outside) && !outbound.has(outside));
        for (const outside of gather(ended, [...valuesInForce(table, purpose.uplink), ...outbound])) {
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

type StaleSelection = Extract<FlowSelection, { which: 'stale' }>;

/** What conntrack should not keep beside the wanted state. */
function selectStale(wanted: WantedState, networks: readonly Prefix[]): StaleSelection {
  const untranslated = [...(wanted.stateless?.networks ?? []), ...(wanted.native ?? [])];
  return { which: 'stale', networks, inForce: inForce(wanted), stateless: untranslated };
}

/** The same, and the flows of uplinks that are given up: whoever gave them up may have ended before it deleted those. */
export function selectLeftBehind(wanted: WantedState, networks: readonly Prefix[]): FlowSelection {
  const elements = wanted.tables.flatMap(({ sets, elements: all }) =>
    [...sets].flatMap(([set, { decides }]) => (decides === 'given-up' ? (all.get(set) ?? []) : [])),
  );
  return { ...selectStale(wanted, networks), givenUp: givenUpBy(elements, wanted) };
}

/** Where an inside prefix has an older outside one that is still served, flows on that one are in order: the sweep is exact. */
function deleteDead(
  dead: readonly [string, string][],
  older: ReadonlySet<string>,
  inside: readonly string[],
  served: ReadonlySet<string>,
  marked: Marked | undefined,
): Step[] {
  const gone = new Map(dead);
  const moved = [...gone.keys()].filter((each) => !older.has(each));
  const others = [...inside.filter((each) => !gone.has(each)), ...older];
  const because = whyDead([...gone.values()]);
  const why = (outside: string | undefined): string => (dead.length > few || !outside ? because : whyDead([outside]));
  return [
    ...gather(moved, others).map(
      (each) =>
        ({
          do: 'delete-flows',
          flows: { which: 'translated-from', inside: each, ...(marked && { marked }) },
          because: why(gone.get(each)),
        }) as const,
    ),
    ...gather([...gone.values()], served).map(
      (each) => ({ do: 'delete-flows', flows: { which: 'towards', outside: each }, because: why(each) }) as const,
    ),
  ];
}

function whyDead([first = '', ...rest]: readonly string[]): string {
  const what = rest.length === 0 ? `${first} is dead` : `${first} and ${rest.length} more are dead`;
  return `${what}: ${rest.length === 0 ? 'its' : 'their'} flows go on with the prefix in force, or end now`;
}

/** Each deletion reads the whole table of connections: many prefixes become those around them, without what is to be spared. */
function gather(prefixes: readonly string[], spared: Iterable<string>): string[] {
  if (prefixes.length <= few) return [...prefixes];
  return coverPrefixes(readPrefixes(prefixes), readPrefixes(spared)).map(formatPrefix);
}

const few = 8;

function readPrefixes(texts: Iterable<string>): Prefix[] {
  return [...texts].flatMap((text) => {
    const read = parsePrefix(text);
    return read.ok ? [read.value] : [];
  });
}

function keysOf(elements: readonly string[]): string[] {
  return elements.map((element) => splitElement(element)[0]);
}

function marksOf({ tables }: WantedState): readonly { uplink: string; interface: string; marked: Marked }[] {
  return tables
    .flatMap(({ sets }) => [...sets.values()])
    .flatMap((purpose) =>
      purpose.decides === 'given-up'
        ? purpose.marks.map(({ mark, ...uplink }) => ({ ...uplink, marked: { mark, mask: purpose.mask } }))
        : [],
    );
}

/** The flows of uplinks that this step gives up. */
function givenUp(step: Step, wanted: WantedState): Step[] {
  const elements =
    step.do === 'install-table'
      ? [...step.table.sets].flatMap(([set, { decides }]) =>
          decides === 'given-up' ? step.table.elements.get(set)! : [],
        )
      : step.do === 'change-elements'
        ? step.changes.flatMap(({ set, add }) => {
            const table = wanted.tables.find(({ key }) => key === step.table);
            return table?.sets.get(set)?.decides === 'given-up' ? add : [];
          })
        : [];
  return givenUpBy(elements, wanted).map((each) => ({
    do: 'delete-flows',
    flows: { which: 'on-uplink', ...each },
    because: `${each.uplink} is down: its flows start anew on another uplink`,
  }));
}

function givenUpBy(elements: readonly string[], wanted: WantedState): OnUplink[] {
  return marksOf(wanted)
    .filter((each) => elements.includes(`"${each.interface}"`))
    .map(({ uplink, marked }) => ({ uplink, marked }));
}

/** Every outside prefix that conntrack translates by the wanted state. */
export function inForce(wanted: WantedState): Prefix[] {
  const elements = wanted.tables.flatMap((table) =>
    [...table.sets]
      .filter(([, purpose]) => purpose.decides === 'inbound' && purpose.mode === 'stateful')
      .map(([set]) => table.elements.get(set) ?? []),
  );
  // Many times as fast as flatMap, with thousands in a list.
  return ([] as Prefix[]).concat(...elements.map(prefixesOf));
}

const prefixesOf = rememberOnce((elements: readonly string[]): readonly Prefix[] => readPrefixes(keysOf(elements)));

function outboundSets(table: WantedTable): string[] {
  return [...table.sets].filter(([, { decides }]) => decides === 'outbound').map(([set]) => set);
}

/** The outside prefixes that the wanted table serves inbound on this uplink. */
function valuesInForce(table: WantedTable, uplink: string): Set<string> {
  const sets = [...table.sets].filter(([, purpose]) => purpose.decides === 'inbound' && purpose.uplink === uplink);
  return new Set(sets.flatMap(([set]) => table.elements.get(set) ?? []).map((element) => splitElement(element)[0]));
}

/** The inside prefixes that the wanted table maps on this uplink. */
function keysInForce(table: WantedTable, uplink: string): string[] {
  const sets = [...table.sets].filter(([, purpose]) => purpose.decides === 'outbound' && purpose.uplink === uplink);
  return sets.flatMap(([set]) => keysOf(table.elements.get(set) ?? []));
}

/** The inside prefixes that had another outside prefix before, which is still served. */
function servedOlder(state: KernelState, table: WantedTable, uplink: string): Set<string> {
  const present = state.tables.find(({ key }) => key === table.key);
  const sets = [...table.sets].filter(([, purpose]) => purpose.decides === 'inbound' && purpose.uplink === uplink);
  return new Set(
    sets.flatMap(([set]) => {
      const before = new Set(present?.elements.get(set));
      const still = (table.elements.get(set) ?? []).filter((element) => before.has(element));
      return still.map((element) => splitElement(element)[1]);
    }),
  );
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
