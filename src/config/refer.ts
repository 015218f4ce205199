import { quote } from '../core/quote.ts';
import type { Findings } from './findings.ts';
import { nearest } from './nearest.ts';
import { refuse, type Located } from './shape/shape.ts';

/** The thing of this name; undefined, and reported with the nearest name, where there is none. */
export function refer<T extends { readonly name: Located<string> }>(
  kind: string,
  reference: Located<string>,
  things: readonly T[],
  findings: Findings,
): T | undefined {
  const found = things.find((thing) => thing.name.value === reference.value);
  if (found) return found;
  const names = things.map((thing) => thing.name.value);
  const near = nearest(reference.value, names);
  const there = names.length === 0 ? `Define it under ${kind}s.` : `Write one of: ${names.join(', ')}.`;
  const message = `there is no ${kind} ${quote(reference.value)}`;
  return refuse(findings.refuse, reference, 'config-reference', message, near === undefined ? there : `Write ${near}.`);
}
