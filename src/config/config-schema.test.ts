import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configSchema, formatConfigSchema } from './config-schema.ts';

/** Every schema of a key, with its path. */
function keys(schema: Record<string, unknown>, path: string): [string, Record<string, unknown>][] {
  const children = Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>);
  const inner = [schema['additionalProperties'], schema['items'], ...((schema['oneOf'] ?? []) as unknown[])];
  return [
    ...children.flatMap(([key, child]): [string, Record<string, unknown>][] => [
      [`${path}.${key}`, child],
      ...keys(child, `${path}.${key}`),
    ]),
    ...inner.flatMap((child) => (typeof child === 'object' ? keys(child as Record<string, unknown>, `${path}.*`) : [])),
  ];
}

describe('the JSON Schema', () => {
  test('packaging/sixgate.schema.json is current ("bin/sixgate check --schema" prints it)', async () => {
    const committed = join(import.meta.dirname, '../../packaging/sixgate.schema.json');
    await expect(formatConfigSchema()).toMatchFileSnapshot(committed);
  });

  test('every key has a description for editors, but what only repeats a choice', () => {
    const bare = keys(configSchema, '').filter(([, schema]) => !('description' in schema) && !('const' in schema));
    expect(bare.map(([path]) => path)).toEqual([]);
    expect(keys(configSchema, '').length).toBeGreaterThan(20);
  });
});
