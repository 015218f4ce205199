import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node as YamlNode } from 'yaml';
import type { ConfigProblem } from './config-problem.ts';
import type { MapEntry, Node } from './node.ts';
import { formatPlaceFrom, type Place } from './place.ts';
import { placesInText } from './places-in-text.ts';

/** A text to read and the name by which problems call it. */
export interface ConfigSource {
  readonly name: string;
  readonly text: string;
}

/** What a hostile or broken file may cost: aliases are copies here, so these also bound what they multiply to. */
const limits = { characters: 1 << 20, nodes: 20_000, depth: 32, problems: 20 };

/** Reads YAML 1.2 (core schema). A text without a value gives no node and no problem. */
export function readYaml(source: ConfigSource): { node?: Node; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const start: Place = { file: source.name, line: 1, column: 1 };
  const refuse = (place: Place, message: string, mend: string, code: ConfigProblem['code'] = 'config-syntax'): void => {
    if (problems.length < limits.problems) problems.push({ code, message, mend, ...place });
  };
  if (source.text.length > limits.characters) {
    refuse(start, `the file has more than ${limits.characters} characters`, 'Take out what is no configuration.');
    return { problems };
  }
  const text = source.text.startsWith('\ufeff') ? source.text.slice(1) : source.text;
  // Keys that stand twice are found below, where both places are known; the library compares every pair.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, intAsBigInt: true });
  const placeAt = placesInText(source.name, text);
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2') {
    refuse(
      start,
      `the file asks for YAML ${document.directives.yaml.version}`,
      'Take out the %YAML line: this is 1.2.',
    );
  }
  const errors = [...document.errors, ...document.warnings];
  // What follows the end of the library's patience are its consequences.
  const exhausted = errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  for (const error of exhausted ? [exhausted] : errors) {
    refuse(placeAt(error.pos[0]), explain(error.message, error.code), mends[error.code] ?? 'Correct the YAML here.');
  }
  if (problems.length > 0) return { problems };

  let nodes = 0;
  const convert = (yaml: YamlNode | null | undefined, fallback: Place, depth: number): Node => {
    const place = yaml?.range ? placeAt(yaml.range[0]) : fallback;
    if (++nodes > limits.nodes || depth > limits.depth) {
      const what =
        depth > limits.depth ? `nests more than ${limits.depth} levels deep` : `has more than ${limits.nodes} values`;
      throw new TooLarge(place, what);
    }
    if (isAlias(yaml)) {
      const target = yaml.resolve(document);
      if (!target) refuse(place, `there is no anchor "&${yaml.source}" before this alias`, mends['BAD_ALIAS']!);
      return convert(target, place, depth + 1);
    }
    if (isMap<YamlNode, YamlNode>(yaml)) {
      const entries = new Map<string, MapEntry>();
      for (const { key, value } of yaml.items) {
        const keyPlace = key.range ? placeAt(key.range[0]) : place;
        const named = isAlias(key) ? key.resolve(document) : key;
        if (!isScalar(named)) {
          refuse(keyPlace, 'a key must be a plain word', 'Write one word before the ":".');
          continue;
        }
        const name = named.source ?? String(named.value);
        const first = entries.get(name);
        if (first) {
          const where = formatPlaceFrom(keyPlace, first.keyPlace);
          refuse(
            keyPlace,
            `the key "${name}" stands twice in one map, first in ${where}`,
            'Leave only one of them.',
            'config-duplicate',
          );
        } else {
          entries.set(name, { key: name, keyPlace, node: convert(value, keyPlace, depth + 1) });
        }
      }
      return { kind: 'map', place, entries: [...entries.values()] };
    }
    if (isSeq<YamlNode>(yaml)) {
      return { kind: 'list', place, items: yaml.items.map((item) => convert(item, place, depth + 1)) };
    }
    const value = isScalar(yaml) ? yaml.value : null;
    const simple = ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? (value as string) : null;
    return { kind: 'scalar', place, value: simple, source: (isScalar(yaml) ? yaml.source : undefined) ?? '' };
  };
  try {
    const node = convert(document.contents, start, 0);
    if (problems.length > 0) return { problems };
    return node.kind === 'scalar' && node.value === null ? { problems } : { node, problems };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    refuse(error.place, `the file ${error.message}`, 'Write it out without nesting or repeating by aliases.');
    return { problems };
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

function explain(message: string, code: string): string {
  if (code === 'MULTIPLE_DOCS') return 'the file holds more than one YAML document';
  if (code === 'RESOURCE_EXHAUSTION') return 'the file nests too deeply';
  // The library quotes the file, which may hold anything.
  return `not YAML: ${message.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?').slice(0, 160)}`;
}

/** By the error codes of the library; the words say what usually went wrong. */
const mends: Partial<Record<string, string>> = {
  BAD_ALIAS: 'Define the anchor (&name) before the alias (*name), or put the value in quotes.',
  BAD_INDENT: 'Indent the lines that belong together by the same number of blanks, and close what is open.',
  BAD_SCALAR_START: 'Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Put a value that ends in ":" (an address such as "fd00::") in quotes.',
  MISSING_CHAR: 'Close the quote or bracket, or add what is missing.',
  MULTIPLE_DOCS: 'Put each document into a file of its own in conf.d.',
  RESOURCE_EXHAUSTION: 'Close the brackets that are open.',
  TAB_AS_INDENT: 'Indent with blanks.',
  TAG_RESOLVE_FAILED: 'Take out the tag (the word that begins with "!").',
};
