import { quote } from '../../core/quote.ts';
import { isMap, join } from './map-keys.ts';
import { refuse, type Located, type Shape } from './shape.ts';

/** One entry of a map whose keys are names; `body` is undefined where it was refused, the name is known all the same. */
export interface NamedEntry<T> {
  readonly name: Located<string>;
  readonly body: Located<T> | undefined;
}

const namePattern = '^[a-z][a-z0-9-]{0,30}$';

/** A map from names to values, in the order of the file. */
export function named<T>(description: string, shape: Shape<T>): Shape<readonly NamedEntry<T>[]> {
  const schema = {
    type: 'object',
    description,
    propertyNames: { pattern: namePattern },
    additionalProperties: shape.schema,
  };
  return {
    schema,
    read(node, path, report) {
      if (node.kind === 'scalar' && node.value === null) return { value: [], place: node.place, path };
      if (!isMap(node, path, report, 'a map from names')) return undefined;
      const value = node.entries.map(({ key, keyPlace, node: child }): NamedEntry<T> => {
        const name = { value: key, place: keyPlace, path: join(path, key) };
        if (!new RegExp(namePattern).test(key)) {
          const message = `${quote(key)} is not a name`;
          refuse(
            report,
            { place: keyPlace, path },
            'config-name',
            message,
            'Write a small letter and up to 30 small letters, digits or "-".',
          );
        }
        return { name, body: shape.read(child, join(path, key), report) };
      });
      return { value, place: node.place, path };
    },
  };
}
