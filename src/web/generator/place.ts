import { effect, signal } from '@preact/signals';
import { formatFragment, parseFragment } from '../form/fragment.ts';
import type { Values } from '../form/values.ts';
import type { Kind } from '../kinds/kind.ts';
import { menu } from '../kinds/menu.ts';
import { loadKind } from './load-kind.ts';
import { reasonOf } from '../../core/printable.ts';

/** What is shown; the fragment of the URL always says the same. */
export interface Shown {
  readonly kind: Kind;
  readonly target: string;
  readonly values: Values;
}

/** Undefined until the first kind is loaded. */
export const shown = signal<Shown | undefined>(undefined);
/** Why a kind could not be shown. */
export const failure = signal('');

const formOf = ({ form, name }: Kind): string => form ?? name;

/** What was typed for each form, so that looking at another one loses nothing. */
const remembered = new Map<string, Values>();
let latest = 0;

async function follow(fragment: string): Promise<void> {
  const turn = ++latest;
  const read = parseFragment(fragment);
  const known = menu.find(({ name }) => name === read.kind);
  let kind: Kind;
  try {
    kind = await loadKind((known ?? menu[0]!).name);
  } catch (error) {
    if (turn === latest) failure.value = reasonOf(error);
    return;
  }
  if (turn !== latest) return;
  const target = kind.targets.find(({ name }) => name === read.target) ?? kind.targets[0]!;
  const values = (known && read.values) ?? remembered.get(formOf(kind)) ?? kind.example;
  failure.value = '';
  const first = shown.peek() === undefined;
  shown.value = { kind, target: target.name, values };
  // For whoever measures: behind the drawing of it, the page answers.
  if (first) setTimeout(() => performance.mark('ready'));
}

export function setValue(key: string, value: Values[string]): void {
  const now = shown.peek();
  if (now !== undefined) shown.value = { ...now, values: { ...now.values, [key]: value } };
}

/** A step that "back" undoes. */
export function goTo(next: Shown): void {
  latest++;
  history.pushState(null, '', fragmentOf(next));
  shown.value = next;
}

function fragmentOf({ kind, target, values }: Shown): string {
  return formatFragment({ kind: kind.name, target, values });
}

/** Keeps URL and page the same. Browsers refuse too many changes of the URL, so typing is written when it pauses. */
export function followUrl(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const now = shown.peek();
    if (now !== undefined && fragmentOf(now) !== location.hash) history.replaceState(null, '', fragmentOf(now));
  };
  effect(() => {
    clearTimeout(timer);
    if (shown.value === undefined) return;
    remembered.set(formOf(shown.value.kind), shown.value.values);
    timer = setTimeout(write, 200);
  });
  addEventListener('popstate', () => {
    clearTimeout(timer);
    void follow(location.hash);
  });
  addEventListener('pagehide', write);
  void follow(location.hash);
}
