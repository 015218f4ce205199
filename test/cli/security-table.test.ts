import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const rows = [...page.matchAll(/^\| (.+) \| (\S+\.test\.ts) "(.+)" \|$/gm)].map(
  ([, property, path, name]) => [property!, path!, name!] as const,
);

test('every row of the tables of properties names its test', () => {
  const inTables = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (part|property) \|/.test(line));
  const parts = inTables.filter((line) => line.split(' | ').length > 2);
  expect(rows.length).toBe(inTables.length - parts.length);
  expect(rows.length).toBeGreaterThan(30);
});

test.each(rows)('%s: %s', (_, path, name) => {
  const text = readFileSync(join(root, path), 'utf8').replaceAll(String.raw`\'`, "'");
  expect(text).toContain(name);
});
