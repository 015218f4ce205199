import { isAlias, isMap, isScalar, isSeq, type Node as YamlNode, type ParsedNode, type YAMLMap } from 'yaml';
import type { ProblemCode } from '../core/problem-codes.ts';
import { quote } from '../core/quote.ts';
import { duplicateKey } from './duplicate-key.ts';
import type { MapEntry, Node } from './node.ts';
import type { Place } from './place.ts';
import { yamlMends } from './yaml-errors.ts';

export type RefuseYaml = (place: Place, message: string, mend: string, code?: ProblemCode) => void;

/** What a hostile file may cost: aliases become copies here, so these also bound what they multiply to. */
const limits = { nodes: 100_000, depth: 32 };

/** From the library's nodes to ours; undefined where it grew too large. */
export function convertYaml(root: YamlNode, placeAt: (offset: number) => Place, refuse: RefuseYaml): Node | undefined {
  // The library looks each alias up by a walk through the whole document; seen in its order, a map does.
  const anchors = new Map<string, YamlNode>();
  let nodes = 0;

  function convert(yaml: YamlNode | null, fallback: Place, depth: number, copied: boolean): Node {
    const place = placeOf(yaml, fallback);
    if (depth > limits.depth) throw new TooLarge(place, `nests more than ${limits.depth} levels deep`);
    if (++nodes > limits.nodes) throw new TooLarge(place, `has more than ${limits.nodes} values`);
    if (isAlias(yaml)) {
      const target = anchors.get(yaml.source);
      if (target) return convert(target, place, depth + 1, true);
      const message = `there is no anchor ${quote(`&${yaml.source}`)} before this alias`;
      refuse(place, message, yamlMends['BAD_ALIAS']!);
      return { kind: 'scalar', place, value: null, source: '' };
    }
    if (yaml?.anchor !== undefined && !copied) anchors.set(yaml.anchor, yaml);
    if (isMap<YamlNode, YamlNode | null>(yaml))
      return { kind: 'map', place, entries: entries(yaml, place, depth, copied) };
    if (isSeq<YamlNode>(yaml)) {
      return { kind: 'list', place, items: yaml.items.map((item) => convert(item, place, depth + 1, copied)) };
    }
    const scalar = isScalar<ParsedNode>(yaml) ? yaml : undefined;
    const value: unknown = scalar?.value;
    const simple = ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? (value as string) : null;
    return { kind: 'scalar', place, value: simple, source: scalar?.source ?? '' };
  }

  function entries(map: YAMLMap<YamlNode, YamlNode | null>, place: Place, depth: number, copied: boolean): MapEntry[] {
    const found = new Map<string, MapEntry>();
    for (const { key, value } of map.items) {
      const keyPlace = placeOf(key, place);
      if (!isScalar(key)) {
        refuse(keyPlace, 'a key must be a plain word', 'Write one word before the ":".');
        continue;
      }
      // As it was written: `on:` and `1:` are names like others.
      const name = key.source ?? '';
      const first = found.get(name);
      if (first) {
        const { message, mend, code } = duplicateKey(name, keyPlace, first.keyPlace);
        refuse(keyPlace, message, mend, code);
      } else found.set(name, { key: name, keyPlace, node: convert(value, keyPlace, depth + 1, copied) });
    }
    return [...found.values()];
  }

  function placeOf(yaml: YamlNode | null, fallback: Place): Place {
    return yaml?.range ? placeAt(yaml.range[0]) : fallback;
  }

  const start = placeAt(0);
  try {
    return convert(root, start, 0, false);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    refuse(error.place, `the file ${error.message}`, 'Write it out without nesting or repeating by aliases.');
    return undefined;
  }
}

/** Ends the conversion from any depth; never leaves this file. */
class TooLarge extends Error {
  readonly place: Place;
  constructor(place: Place, what: string) {
    super(what);
    this.place = place;
  }
}
