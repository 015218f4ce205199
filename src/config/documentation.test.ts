import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configSchema } from './config-schema.ts';
import { loadConfig } from './load-config.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');

function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { properties?: object };
  return [
    ...Object.keys(properties),
    ...Object.values(schema).flatMap(keysOf),
    ...Object.values(properties).flatMap(keysOf),
  ];
}

test('docs/configuration.md: its example is valid without a warning', () => {
  const example = /```yaml\n(.*?)```/s.exec(text)?.[1] ?? '';
  expect(loadConfig([{ name: 'example', text: example }])).toMatchObject({
    ok: true,
    value: { warnings: [], config: { translations: [{ pinholes: [{ icmp: true }] }] } },
  });
});

test('docs/configuration.md: names every key', () => {
  const keys = [...new Set(keysOf(configSchema))];
  expect(keys).toContain('hairpin');
  expect(
    keys.filter((key) => !text.includes(`\`${key}\``) && !text.includes(`## ${key}`) && !text.includes(`\`${key}: `)),
  ).toEqual([]);
});

test.each(['configuration.md', 'several-uplinks.md', 'xen.md'])('docs/%s: every example is valid', (name) => {
  const page = readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, example]) => example!);
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) {
    expect(loadConfig([{ name: 'example', text: example }])).toMatchObject({ ok: true, value: { warnings: [] } });
  }
});
