import { quote } from '../core/quote.ts';
import type { Place } from './place.ts';

/** A value of a file with its place: what the YAML library read, without its classes, aliases and anchors. */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly node: Node;
}

export interface ListNode {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly Node[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | number | bigint | boolean | null;
  /** As it was written, without quotes. */
  readonly source: string;
}

/** What a person would call this value. */
export function describeNode(node: Node): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return `the text ${quote(node.value)}`;
  return typeof node.value === 'boolean'
    ? `the truth value ${node.source}`
    : `the number ${quote(node.source).slice(1, -1)}`;
}
