import { quote } from '../../core/quote.ts';
import type { Report } from '../config-problem.ts';
import { nearest } from '../nearest.ts';
import type { MapNode, Node } from '../node.ts';
import type { Place } from '../place.ts';
import { refuse, refuseType } from './shape.ts';

/** True for a map; reports what else it is. */
export function isMap(node: Node, path: string, report: Report, expected: string): node is MapNode {
  if (node.kind === 'map') return true;
  refuseType(report, node, path, expected, 'Write "key: value" lines below it, indented, or {key: value}.');
  return false;
}

/** Reports a key that is not among `known`, with the nearest one. */
export function refuseKey(report: Report, place: Place, path: string, key: string, known: readonly string[]): void {
  const near = nearest(key, known);
  const mend = near === undefined ? `Valid here: ${known.join(', ')}.` : `Write ${near}.`;
  refuse(report, { place, path }, 'config-key-unknown', `unknown key ${quote(key)}`, mend);
}

/** Reports those of `required` that the map lacks. */
export function refuseMissing(report: Report, node: MapNode, path: string, required: readonly string[]): void {
  for (const key of required) {
    if (node.entries.some((entry) => entry.key === key)) continue;
    refuse(report, { place: node.place, path }, 'config-key-missing', `"${key}" is missing`, `Add ${key}.`);
  }
}

/** The path of a key within the map at `path`. */
export function join(path: string, key: string): string {
  const shown = /^[\w-]{1,64}$/.test(key) ? key : quote(key);
  return path === '' ? shown : `${path}.${shown}`;
}
