import { quote } from '../../core/quote.ts';
import { isMap, join } from './map-keys.ts';
import { refuse, type Located, type Shape } from './shape.ts';

/** One entry of a map whose keys are names; `body` is undefined where it was refused, the name is known all the same. */
export interface NamedEntry<T> {
  readonly name: Located<string>;
  readonly body: Located<T> | undefined;
}

/** Which keys such a map can have. */
export interface KeyRule {
  readonly pattern: string;
  /** "a name", "names". */
  readonly what: string;
  readonly plural: string;
  readonly mend: string;
}

const names: KeyRule = {
  pattern: '^[a-z][a-z0-9-]{0,30}$',
  what: 'a name',
  plural: 'names',
  mend: 'Write a small letter and up to 30 small letters, digits or "-".',
};

/** A map from names to values, in the order of the file. */
export function named<T>(description: string, shape: Shape<T>, keys = names): Shape<readonly NamedEntry<T>[]> {
  const schema = {
    type: 'object',
    description,
    propertyNames: { pattern: keys.pattern },
    additionalProperties: shape.schema,
  };
  return {
    schema,
    read(node, path, report) {
      if (node.kind === 'scalar' && node.value === null) return { value: [], place: node.place, path };
      if (!isMap(node, path, report, `a map from ${keys.plural}`)) return undefined;
      const value = node.entries.map(({ key, keyPlace, node: child }): NamedEntry<T> => {
        const name = { value: key, place: keyPlace, path: join(path, key) };
        if (!new RegExp(keys.pattern, 'u').test(key)) {
          const message = `${quote(key)} is not ${keys.what}`;
          refuse(report, { place: keyPlace, path }, 'config-name', message, keys.mend);
        }
        return { name, body: shape.read(child, join(path, key), report) };
      });
      return { value, place: node.place, path };
    },
  };
}
