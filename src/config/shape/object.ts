import { isMap, join, refuseKey, refuseMissing } from './map-keys.ts';
import { refuse, type Located, type Shape } from './shape.ts';

export type Fields = Readonly<Record<string, Shape<unknown>>>;
/** What an object reads to: a field is undefined where it is missing or was refused. */
export type ReadFields<F extends Fields> = {
  readonly [K in keyof F]: (F[K] extends Shape<infer T> ? Located<T> : never) | undefined;
};

export interface ObjectOptions<F extends Fields> {
  readonly description: string;
  readonly fields: F;
  readonly required?: readonly (keyof F & string)[];
  /** At least one of these has to be there. */
  readonly anyOf?: readonly (keyof F & string)[];
}

/** A map with known keys. */
export function object<F extends Fields>(options: ObjectOptions<F>): Shape<ReadFields<F>> {
  const { description, fields, required = [], anyOf = [] } = options;
  const properties = Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, shape.schema]));
  return {
    schema: {
      type: 'object',
      description,
      properties,
      ...(required.length > 0 && { required }),
      ...(anyOf.length > 0 && { anyOf: anyOf.map((key) => ({ required: [key] })) }),
      additionalProperties: false,
    },
    read(node, path, report) {
      if (!isMap(node, path, report, `a map with ${Object.keys(fields).join(', ')}`)) return undefined;
      const value: Record<string, Located<unknown> | undefined> = {};
      for (const { key, keyPlace, node: child } of node.entries) {
        const shape = Object.hasOwn(fields, key) ? fields[key] : undefined;
        if (shape) value[key] = shape.read(child, join(path, key), report);
        else refuseKey(report, keyPlace, path, key, Object.keys(fields));
      }
      refuseMissing(report, node, path, required);
      if (anyOf.length > 0 && !node.entries.some(({ key }) => anyOf.includes(key))) {
        const message = `none of ${anyOf.join(', ')} is there`;
        refuse(report, { place: node.place, path }, 'config-key-missing', message, `Add one of ${anyOf.join(', ')}.`);
      }
      return { value: value as ReadFields<F>, place: node.place, path };
    },
  };
}
