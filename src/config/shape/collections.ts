import { quote } from '../../core/quote.ts';
import type { Report } from '../config-problem.ts';
import type { MapNode, Node } from '../node.ts';
import { nearest } from '../nearest.ts';
import type { Place } from '../place.ts';
import { refuse, refuseType, type JsonSchema, type Located, type Shape } from './shape.ts';

type Fields = Readonly<Record<string, Shape<unknown>>>;
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
      if (!isMap(node, path, report, `a map with ${formatKeys(Object.keys(fields))}`)) return undefined;
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

/** An object whose first key decides about the others: `from: static` goes with `prefix`. */
export function variants<V extends Readonly<Record<string, ObjectOptions<Fields>>>>(
  by: string,
  decide: Shape<keyof V & string>,
  description: string,
  table: V,
): Shape<{ [K in keyof V]: { readonly kind: K; readonly fields: ReadFields<V[K]['fields']> } }[keyof V]> {
  type Variant = { [K in keyof V]: { readonly kind: K; readonly fields: ReadFields<V[K]['fields']> } }[keyof V];
  const known = Object.values(table).flatMap((variant) => Object.keys(variant.fields));
  const schemas = Object.entries(table).map(([kind, { description, fields, required = [] }]) => {
    const properties = Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, shape.schema]));
    return {
      description,
      properties: { [by]: { const: kind }, ...properties },
      required: [by, ...required],
      additionalProperties: false,
    };
  });
  return {
    schema: { type: 'object', description, properties: { [by]: decide.schema }, required: [by], oneOf: schemas },
    read(node, path, report) {
      if (!isMap(node, path, report, `a map with ${by}`)) return undefined;
      refuseMissing(report, node, path, [by]);
      const decided = node.entries.find(({ key }) => key === by);
      const kind = decided && decide.read(decided.node, join(path, by), report)?.value;
      if (kind === undefined) return undefined;
      const { fields, required = [] } = table[kind]!;
      const value: Record<string, Located<unknown> | undefined> = {};
      for (const { key, keyPlace, node: child } of node.entries) {
        if (key === by) continue;
        if (Object.hasOwn(fields, key)) value[key] = fields[key]!.read(child, join(path, key), report);
        else if (known.includes(key)) {
          const at = { place: keyPlace, path: join(path, key) };
          refuse(report, at, 'config-key-unknown', `"${key}" does not go with "${by}: ${kind}"`, `Take out ${key}.`);
        } else refuseKey(report, keyPlace, path, key, [by, ...Object.keys(fields)]);
      }
      refuseMissing(report, node, path, required);
      return { value: { kind, fields: value } as Variant, place: node.place, path };
    },
  };
}

/** One entry of a map whose keys are names; `body` is undefined where it was refused, the name is known all the same. */
export interface NamedEntry<T> {
  readonly name: Located<string>;
  readonly body: Located<T> | undefined;
}

const namePattern = '^[a-z][a-z0-9-]{0,30}$';

/** A map from names to values, in the order of the file. */
export function named<T>(description: string, shape: Shape<T>): Shape<readonly NamedEntry<T>[]> {
  const schema: JsonSchema = {
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

export function list<T>(description: string, shape: Shape<T>): Shape<readonly Located<T>[]> {
  return {
    schema: { type: 'array', description, items: shape.schema },
    read(node, path, report) {
      if (node.kind === 'scalar' && node.value === null) return { value: [], place: node.place, path };
      if (node.kind !== 'list') {
        return refuseType(
          report,
          node,
          path,
          'a list',
          'Put it in square brackets, or each item on a line after "- ".',
        );
      }
      const read = node.items.map((item, index) => shape.read(item, `${path}[${index}]`, report));
      return { value: read.filter((item) => item !== undefined), place: node.place, path };
    },
  };
}

function isMap(node: Node, path: string, report: Report, expected: string): node is MapNode {
  if (node.kind === 'map') return true;
  refuseType(report, node, path, expected, 'Write "key: value" lines below it, indented, or {key: value}.');
  return false;
}

function refuseKey(report: Report, place: Place, path: string, key: string, known: readonly string[]): void {
  const near = nearest(key, known);
  const mend = near === undefined ? `Valid here: ${known.join(', ')}.` : `Write ${near}.`;
  refuse(report, { place, path }, 'config-key-unknown', `unknown key ${quote(key)}`, mend);
}

function refuseMissing(report: Report, node: MapNode, path: string, required: readonly string[]): void {
  for (const key of required) {
    if (node.entries.some((entry) => entry.key === key)) continue;
    refuse(report, { place: node.place, path }, 'config-key-missing', `"${key}" is missing`, `Add ${key}.`);
  }
}

function formatKeys(keys: readonly string[]): string {
  return keys.join(', ');
}

function join(path: string, key: string): string {
  const shown = /^[\w-]{1,64}$/.test(key) ? key : quote(key);
  return path === '' ? shown : `${path}.${shown}`;
}
