import { sameItems } from '../core/remember-last.ts';
import type { SetPurpose, TableState, WantedTable } from './kernel-state.ts';
import type { ElementChange, Step } from './step.ts';

/** Changes of elements in place: one step for each uplink and one for each other purpose, all of one transaction. */
export function planElements(present: TableState, wanted: WantedTable): Step[] {
  const groups = new Map<string, { because: Set<string>; changes: ElementChange[] }>();
  for (const [set, purpose] of wanted.sets) {
    const change = difference(set, present.elements.get(set) ?? [], wanted.elements.get(set) ?? []);
    if (!change) continue;
    const isFlowtable = purpose.decides === 'offload';
    const group = groups.get(subject(purpose)) ?? { because: new Set(), changes: [] };
    group.changes.push({ ...change, ...(isFlowtable && { isFlowtable }) });
    for (const sentence of explain(purpose, change)) group.because.add(sentence);
    groups.set(subject(purpose), group);
  }
  return [...groups].map(([name, { because, changes }]) => ({
    do: 'change-elements',
    table: wanted.key,
    changes,
    because: because.size > 0 ? joinSentences([...because]) : `${name} is not as it should be`,
  }));
}

/** Of many only the first ones: it is for people. */
function joinSentences(sentences: readonly string[]): string {
  const told = sentences.slice(0, 8).join('; ');
  return sentences.length > 8 ? `${told}; and ${sentences.length - 8} more of the kind` : told;
}

export function difference(
  set: string,
  present: readonly string[],
  wanted: readonly string[],
): ElementChange | undefined {
  if (sameItems(present, wanted)) return undefined;
  const has = new Set(present);
  const wants = new Set(wanted);
  const remove = present.filter((element) => !wants.has(element));
  const add = wanted.filter((element) => !has.has(element));
  if (remove.length + add.length === 0) return undefined;
  if (remove.length <= mostDeleted || remove.length * 4 <= present.length) return { set, remove, add };
  return { set, remove, add, refill: wanted.filter((element) => has.has(element)) };
}

/** From here on filling anew is faster, where it is a good part of the set. */
const mostDeleted = 32;

/** `KEY : VALUE` of a map, as a pair. */
export function splitElement(element: string): [string, string] {
  const at = element.indexOf(' : ');
  return at < 0 ? [element, ''] : [element.slice(0, at), element.slice(at + 3)];
}

function subject(purpose: SetPurpose): string {
  return 'uplink' in purpose ? `the mapping on ${purpose.uplink}` : purpose.about;
}

function explain(purpose: SetPurpose, change: ElementChange): string[] {
  switch (purpose.decides) {
    case 'outbound':
      return explainOutbound(purpose.uplink, change);
    case 'inbound':
      return explainInbound(purpose.uplink, change);
    case 'elsewhere':
      return [`${purpose.about} is another one`];
    case 'given-up':
      return explainGivenUp(purpose, change);
    case 'offload':
      return explainOffload(change);
    case 'follows':
      return [];
    default:
      return [`${purpose.about} changed in the configuration or in the kernel`];
  }
}

function explainInbound(uplink: string, change: ElementChange): string[] {
  const still = new Set(change.add.map((element) => splitElement(element)[0]));
  return change.remove
    .map((element) => splitElement(element)[0])
    .filter((outside) => !still.has(outside))
    .map((outside) => `${outside} is no longer valid on ${uplink}`);
}

function explainGivenUp(
  { marks }: Extract<SetPurpose, { decides: 'given-up' }>,
  { add, remove }: ElementChange,
): string[] {
  const names = (elements: readonly string[]) =>
    marks.filter((mark) => elements.includes(`"${mark.interface}"`)).map(({ uplink }) => uplink);
  return [
    ...names(add).map((uplink) => `${uplink} is given up`),
    ...names(remove).map((uplink) => `${uplink} is to be counted on again`),
  ];
}

function explainOffload({ add, remove }: ElementChange): string[] {
  const names = (elements: readonly string[]): string => elements.map((element) => element.slice(1, -1)).join(', ');
  return [
    ...(add.length > 0 ? [`established flows pass by the rules on ${names(add)} too`] : []),
    ...(remove.length > 0 ? [`no flows pass by the rules on ${names(remove)} any longer`] : []),
  ];
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
