import type { SetPurpose, TableState, WantedTable } from './kernel-state.ts';
import type { ElementChange, Step } from './step.ts';

/** Changes of elements in place: one step for each uplink and one for each other purpose, all of one transaction. */
export function planElements(present: TableState, wanted: WantedTable): Step[] {
  const groups = new Map<string, { because: Set<string>; changes: ElementChange[] }>();
  for (const [set, purpose] of wanted.sets) {
    const change = difference(set, present.elements.get(set) ?? [], wanted.elements.get(set) ?? []);
    if (!change) continue;
    const group = groups.get(subject(purpose)) ?? { because: new Set(), changes: [] };
    group.changes.push(change);
    for (const sentence of explain(purpose, change)) group.because.add(sentence);
    groups.set(subject(purpose), group);
  }
  return [...groups].map(([name, { because, changes }]) => ({
    do: 'change-elements',
    table: wanted.key,
    changes,
    because: because.size > 0 ? [...because].join('; ') : `${name} is not as it should be`,
  }));
}

export function difference(
  set: string,
  present: readonly string[],
  wanted: readonly string[],
): ElementChange | undefined {
  const has = new Set(present);
  const wants = new Set(wanted);
  const remove = present.filter((element) => !wants.has(element));
  const add = wanted.filter((element) => !has.has(element));
  return remove.length + add.length > 0 ? { set, remove, add } : undefined;
}

/** `KEY : VALUE` of a map, as a pair. */
export function splitElement(element: string): [string, string] {
  const [key = '', value = ''] = element.split(' : ');
  return [key, value];
}

function subject(purpose: SetPurpose): string {
  return 'uplink' in purpose ? `the mapping on ${purpose.uplink}` : purpose.about;
}

function explain(purpose: SetPurpose, change: ElementChange): string[] {
  switch (purpose.decides) {
    case 'outbound':
      return explainOutbound(purpose.uplink, change);
    case 'inbound':
      return change.remove
        .filter((element) => !change.add.some((other) => splitElement(other)[0] === splitElement(element)[0]))
        .map((element) => `${splitElement(element)[0]} is no longer valid on ${purpose.uplink}`);
    case 'follows':
      return [];
    default:
      return [`${purpose.about} changed in the configuration or in the kernel`];
  }
}

function explainOutbound(uplink: string, change: ElementChange): string[] {
  const before = new Map(change.remove.map(splitElement));
  const sentences = change.add.map(splitElement).map(([inside, outside]) => {
    const old = before.get(inside);
    before.delete(inside);
    return old
      ? `${uplink} now has ${outside} for ${inside} instead of ${old}`
      : `${uplink} now has ${outside} for ${inside}`;
  });
  return [...sentences, ...[...before.keys()].map((inside) => `${uplink} has no prefix for ${inside} any longer`)];
}
