import { effect, signal } from '@preact/signals';
import { formatFragment, parseFragment, type Place } from '../form/fragment.ts';
import type { Values } from '../form/values.ts';
import { findKind, kinds } from '../kinds/kinds.ts';

/** What was typed for each kind, so that looking at another one loses nothing. */
const remembered = new Map<string, Values>();

/** Where the page is; the fragment of its URL always says the same. */
export const place = signal<Place>(readPlace(location.hash));

function readPlace(fragment: string): Place {
  const read = parseFragment(fragment);
  const kind = findKind(read.kind) ?? kinds[0]!;
  const target = kind.targets.find(({ name }) => name === read.target) ?? kind.targets[0]!;
  const given = findKind(read.kind) === undefined ? undefined : read.values;
  return { kind: kind.name, target: target.name, values: given ?? remembered.get(kind.name) ?? kind.example };
}

export function setValues(values: Values): void {
  place.value = { ...place.value, values };
}

/** A step that "back" undoes. */
export function goTo(next: Place): void {
  history.pushState(null, '', formatFragment(next));
  place.value = next;
}

/** Keeps URL and page the same. Browsers refuse too many changes of the URL, so typing is written when it pauses. */
export function followUrl(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const fragment = formatFragment(place.peek());
    if (fragment !== location.hash) history.replaceState(null, '', fragment);
  };
  effect(() => {
    remembered.set(place.value.kind, place.value.values);
    clearTimeout(timer);
    timer = setTimeout(write, 200);
  });
  addEventListener('popstate', () => {
    clearTimeout(timer);
    place.value = readPlace(location.hash);
  });
  addEventListener('pagehide', write);
}
