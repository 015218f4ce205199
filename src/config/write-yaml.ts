import type { ConfigProblem } from './config-problem.ts';
import { duplicateKey } from './duplicate-key.ts';
import type { MapEntry, Node, ScalarNode } from './node.ts';
import type { Place } from './place.ts';

/** A value to be written. `at` is the caller's name for it, to find it again by its place. */
export type Draft = { readonly at?: string } & (
  | { readonly kind: 'scalar'; readonly value: string | bigint | boolean }
  | {
      readonly kind: 'map';
      readonly entries: readonly DraftEntry[];
      /** On one line, in braces. */
      readonly flow?: boolean;
    }
  | { readonly kind: 'list'; readonly items: readonly Draft[]; readonly flow?: boolean }
);

export interface DraftEntry {
  readonly key: string;
  readonly value: Draft;
  /** A line above the key; not in flow. */
  readonly comment?: string;
  /** The caller's name for the key. */
  readonly at?: string;
}

export interface WrittenYaml {
  readonly text: string;
  /** What `readYaml` makes of the text, places and all. */
  readonly node: Node;
  /** Keys that stand twice, as `readYaml` tells them. */
  readonly problems: readonly ConfigProblem[];
  readonly places: readonly { readonly place: Place; readonly at: string }[];
}

/**
 * Writes YAML and says at the same time what reading it gives, so that a page can judge a configuration without a YAML
 * library. `head` are lines of comment.
 */
export function writeYaml(draft: Draft, file: string, head: readonly string[] = []): WrittenYaml {
  let text = '';
  let line = 1;
  let lineStart = 0;
  const problems: ConfigProblem[] = [];
  const places: { place: Place; at: string }[] = [];

  const put = (piece: string): void => {
    text += piece;
  };
  const newLine = (indent: number): void => {
    text += '\n';
    line++;
    lineStart = text.length;
    text += ' '.repeat(indent);
  };
  const here = (at?: string): Place => {
    const place = { file, line, column: text.length - lineStart + 1 };
    if (at !== undefined) places.push({ place, at });
    return place;
  };

  function scalar(value: string | bigint | boolean, at?: string): ScalarNode {
    const place = here(at);
    put(typeof value === 'string' ? quoteScalar(value) : String(value));
    return { kind: 'scalar', place, value, source: String(value) };
  }

  function flow(value: Draft): Node {
    if (value.kind === 'scalar') return scalar(value.value, value.at);
    const place = here(value.at);
    if (value.kind === 'list') {
      put('[');
      const items = value.items.map((item, index) => {
        if (index > 0) put(', ');
        return flow(item);
      });
      put(']');
      return { kind: 'list', place, items };
    }
    if (value.entries.length === 0) {
      put('{}');
      return { kind: 'map', place, entries: [] };
    }
    put('{ ');
    const entries = mapEntries(value.entries, (entry, index, key) => {
      if (index > 0) put(', ');
      const keyPlace = here(entry.at);
      put(`${key}: `);
      return { keyPlace, node: flow(entry.value) };
    });
    put(' }');
    return { kind: 'map', place, entries };
  }

  /** The cursor stands where the value begins. */
  function block(value: Draft, indent: number): Node {
    if (value.kind === 'scalar' || value.flow === true || isEmpty(value)) return flow(value);
    const place = here(value.at);
    if (value.kind === 'list') {
      const items = value.items.map((item, index) => {
        if (index > 0) newLine(indent);
        put('- ');
        return block(item, indent + 2);
      });
      return { kind: 'list', place, items };
    }
    let first: Place | undefined;
    const entries = mapEntries(value.entries, (entry, index, key) => {
      if (index > 0) newLine(indent);
      if (entry.comment !== undefined) {
        put(`# ${entry.comment}`);
        newLine(indent);
      }
      const keyPlace = here(entry.at);
      first ??= keyPlace;
      put(`${key}:`);
      if (entry.value.kind === 'scalar' || entry.value.flow === true || isEmpty(entry.value)) put(' ');
      else newLine(indent + 2);
      return { keyPlace, node: block(entry.value, indent + 2) };
    });
    return { kind: 'map', place: first ?? place, entries };
  }

  function mapEntries(
    entries: readonly DraftEntry[],
    write: (entry: DraftEntry, index: number, key: string) => Omit<MapEntry, 'key'>,
  ): MapEntry[] {
    const found = new Map<string, MapEntry>();
    for (const [index, entry] of entries.entries()) {
      const before = problems.length;
      const written = write(entry, index, quoteScalar(entry.key));
      const first = found.get(entry.key);
      if (first === undefined) {
        found.set(entry.key, { key: entry.key, ...written });
        continue;
      }
      // Nobody reads the value of a key that stands there a second time.
      problems.length = before;
      problems.push({ ...duplicateKey(entry.key, written.keyPlace, first.keyPlace), ...written.keyPlace });
    }
    return [...found.values()];
  }

  for (const comment of head) {
    put(`# ${comment}`);
    newLine(0);
  }
  const node = block(draft, 0);
  put('\n');
  return { text, node, problems, places };
}

function isEmpty(draft: Draft): boolean {
  if (draft.kind === 'scalar') return false;
  return (draft.kind === 'map' ? draft.entries : draft.items).length === 0;
}

/** Plain only where no reader of YAML 1.1 or 1.2 could take it for anything but this text, in flow as well. */
function quoteScalar(text: string): string {
  const plain = /^(?=.*[a-z])[a-z0-9][a-z0-9_.:/-]*$/i.test(text) && !/:$|:\/\/|^[0-9.+-]+(e|$)|^0[xob]/i.test(text);
  return plain && !reserved.test(text) ? text : JSON.stringify(text);
}

const reserved = /^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
