import type { ConfigSchema } from '../config-page.ts';
import { code, page, sentence, table } from './markdown.ts';

/** docs/reference/configuration.md, from the shape that files are read by. */
export function configReference(schema: ConfigSchema): string {
  return page(
    'Keys of the configuration',
    'Every key that there is, by its path; `NAME` is a name of your own, `[]` an entry of a list. What they are for, with ' +
      'examples, is told in [the configuration](../configuration.md).',
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
      `## ${key}`,
      ...(value.description === undefined ? [] : [sentence(value.description)]),
      table(['key', 'means', 'values', 'without it'], rowsBelow(value, key)),
    ]),
  );
}

type Row = readonly [string, string, string, string];

function rowsBelow(schema: ConfigSchema, path: string): Row[] {
  const below = schema.additionalProperties;
  return [
    ...(typeof below === 'object' ? rows(below, `${path}.NAME`, false) : []),
    ...(schema.items ? rows(schema.items, `${path}[]`, false) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
      rows(value, `${path}.${key}`, schema.required?.includes(key) ?? false),
    ),
    ...(schema.oneOf ?? []).flatMap((variant) => rowsOfVariant(variant, path)),
  ];
}

function rows(schema: ConfigSchema, path: string, required: boolean): Row[] {
  const own: Row = [
    code(path),
    sentence(schema.description ?? ''),
    valuesOf(schema),
    required ? 'it must be given' : schema.default === undefined ? '' : code(String(schema.default)),
  ];
  return [own, ...rowsBelow(schema, path)];
}

/** `prefix: { from: 6to4 }` and the keys that go with it. */
function rowsOfVariant(variant: ConfigSchema, path: string): Row[] {
  const fixed = Object.entries(variant.properties ?? {}).find(([, value]) => value.const !== undefined);
  const { description, ...others } = variant;
  const { [fixed?.[0] ?? '']: _, ...properties } = others.properties ?? {};
  const head = fixed ? `${path}: { ${fixed[0]}: ${String(fixed[1].const)} }` : path;
  return [
    ...(fixed || description
      ? ([[code(head), sentence(description ?? ''), valuesOf(variant), '']] satisfies Row[])
      : []),
    ...rowsBelow({ ...others, properties }, path),
  ];
}

function valuesOf({ enum: values, minimum, maximum, type, const: only }: ConfigSchema): string {
  if (values) return values.map((each) => code(String(each))).join(', ');
  if (only !== undefined) return code(JSON.stringify(only));
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return { boolean: '`true`, `false`', array: 'a list', string: 'text', integer: 'a number' }[type ?? ''] ?? '';
}
