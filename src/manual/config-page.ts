import type { Edition } from './command-page.ts';
import { bold, definition, escapeRoff, example, heading, italic, paragraph, subheading, title } from './roff.ts';

/** As much of a JSON Schema as ours has. */
export interface ConfigSchema {
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, ConfigSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: ConfigSchema | boolean;
  readonly items?: ConfigSchema;
  readonly oneOf?: readonly ConfigSchema[];
}

/** sixgate.yaml(5), from the schema that editors get. `sample`: a configuration that is complete. */
export function configPage(schema: ConfigSchema, sample: string, { version, date }: Edition): string {
  return [
    title('sixgate.yaml', 5, date, version),
    heading('Name'),
    'sixgate.yaml \\- the configuration of sixgate',
    heading('Synopsis'),
    `${italic('/etc/sixgate/config.yaml')}, ${italic('/etc/sixgate/conf.d/*.yaml')}`,
    heading('Description'),
    escapeRoff(
      'YAML 1.2. The files of conf.d are merged after config.yaml in lexical order. What is not known is refused with the nearest ' +
        'key that is; every error names file, line and column, and all are told at once: see sixgate-check(8).',
    ),
    heading('Example'),
    example(sample),
    heading('Keys'),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
      subheading(key),
      paragraph(value.description ?? '').replace(/^\.PP\n/, ''),
      ...entries(value, key),
    ]),
    heading('See also'),
    escapeRoff('sixgate(8), sixgate-check(8), sixgate-plan(8)'),
  ].join('\n');
}

/** One definition for each key below this value, with its whole path; `NAME` stands for a name of one's own. */
function entries(schema: ConfigSchema, path: string): string[] {
  const lines: string[] = [];
  const below = schema.additionalProperties;
  if (typeof below === 'object') lines.push(...entry(below, `${path}.NAME`, false));
  if (schema.items) lines.push(...entry(schema.items, `${path}[]`, false));
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    // What tells variants apart stands with each of them.
    lines.push(...entry(value, `${path}.${key}`, schema.required?.includes(key) ?? false));
  }
  for (const variant of schema.oneOf ?? []) lines.push(...variantEntries(variant, path));
  return lines;
}

function entry(schema: ConfigSchema, path: string, required: boolean): string[] {
  return [
    definition(bold(path), schema.description ?? '', ...facts(schema), required ? 'Must be given.' : ''),
    ...entries(schema, path),
  ];
}

/** `prefix: { from: 6to4 }` and the keys that go with it. */
function variantEntries(variant: ConfigSchema, path: string): string[] {
  const fixed = Object.entries(variant.properties ?? {}).find(([, value]) => value.const !== undefined);
  const others = Object.entries(variant.properties ?? {}).filter(([key]) => key !== fixed?.[0]);
  const term = fixed ? `${path}: { ${fixed[0]}: ${String(fixed[1].const)} }` : path;
  return [
    ...(fixed || variant.description ? [definition(bold(term), variant.description ?? '', ...facts(variant))] : []),
    ...others.flatMap(([key, value]) => entry(value, `${path}.${key}`, variant.required?.includes(key) ?? false)),
    ...(variant.items ? entry(variant.items, `${path}[]`, false) : []),
  ];
}

function facts({ enum: values, minimum, maximum, default: fallback }: ConfigSchema): string[] {
  const range = minimum !== undefined && maximum !== undefined ? [`A number from ${minimum} to ${maximum}.`] : [];
  return [
    ...(values ? [`One of: ${values.map(String).join(', ')}.`] : []),
    ...range,
    ...(fallback === undefined ? [] : [`Default: ${String(fallback)}.`]),
  ];
}
