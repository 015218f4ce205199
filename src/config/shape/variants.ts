import { isMap, join, refuseKey, refuseMissing } from './map-keys.ts';
import type { Fields, ObjectOptions, ReadFields } from './object.ts';
import { refuse, type Located, type Shape } from './shape.ts';

/**
 * An object whose first key decides about the others: `from: static` goes with `prefix`. Without that key it is the
 * variant `otherwise`, where there is such a one.
 */
export function variants<V extends Readonly<Record<string, ObjectOptions<Fields>>>>(
  by: string,
  decide: Shape<keyof V & string>,
  description: string,
  table: V,
  otherwise?: keyof V & string,
): Shape<{ [K in keyof V]: { readonly kind: K; readonly fields: ReadFields<V[K]['fields']> } }[keyof V]> {
  type Variant = { [K in keyof V]: { readonly kind: K; readonly fields: ReadFields<V[K]['fields']> } }[keyof V];
  const known = Object.values(table).flatMap((variant) => Object.keys(variant.fields));
  const schemas = Object.entries(table).map(([kind, { description, fields, required = [] }]) => {
    const properties = Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, shape.schema]));
    return {
      description,
      properties: { [by]: { const: kind }, ...properties },
      required: [...(kind === otherwise ? [] : [by]), ...required],
      additionalProperties: false,
    };
  });
  return {
    schema: {
      type: 'object',
      description,
      properties: { [by]: decide.schema },
      ...(otherwise === undefined && { required: [by] }),
      oneOf: schemas,
    },
    read(node, path, report) {
      if (!isMap(node, path, report, `a map with ${by}`)) return undefined;
      if (otherwise === undefined) refuseMissing(report, node, path, [by]);
      const decided = node.entries.find(({ key }) => key === by);
      const kind = decided ? decide.read(decided.node, join(path, by), report)?.value : otherwise;
      if (kind === undefined) return undefined;
      const { fields, required = [] } = table[kind]!;
      const value: Record<string, Located<unknown> | undefined> = {};
      for (const { key, keyPlace, node: child } of node.entries) {
        if (key === by) continue;
        if (Object.hasOwn(fields, key)) value[key] = fields[key]!.read(child, join(path, key), report);
        else if (known.includes(key)) {
          const at = { place: keyPlace, path: join(path, key) };
          const which = `"${by}: ${kind}"${decided ? '' : `, which is meant without "${by}"`}`;
          const mend = decided ? `Take out ${key}.` : `Add ${by}, or take out ${key}.`;
          refuse(report, at, 'config-key-unknown', `"${key}" does not go with ${which}`, mend);
        } else refuseKey(report, keyPlace, path, key, [by, ...Object.keys(fields)]);
      }
      refuseMissing(report, node, path, required);
      return { value: { kind, fields: value } as Variant, place: node.place, path };
    },
  };
}
