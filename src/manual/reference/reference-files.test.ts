import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { configSchema } from '../../config/config-schema.ts';
import { problemCodes } from '../../core/problem-codes.ts';
import { commandTree } from '../command-tree.ts';
import { hookVariables } from './hooks-reference.ts';
import { directImports, heightOf, readLayers } from './layer-graph.ts';
import { layersBelow } from './layers-below.ts';
import { referenceFiles } from './reference-files.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const files = referenceFiles(commandTree(createProgram()), configSchema, layersBelow(root), read);
const textOf = (name: string) => files.find(({ path }) => path.endsWith(name))!.text;

test.each(files)('$path is what "npm run build:reference" writes', ({ path, text }) => {
  expect(read(path)).toBe(text);
});

test('docs/reference holds nothing else', () => {
  const written = files.flatMap(({ path }) => /^docs\/reference\/(.*)/.exec(path)?.[1] ?? []);
  expect(readdirSync(join(root, 'docs/reference')).toSorted()).toEqual(written.toSorted());
});

test('every code says what it is', () => {
  const rows = [...textOf('problem-codes.md').matchAll(/^\| \[`(\S+)`\]\(\S+\) \| \d+ \| (.*) \|$/gm)];
  expect(rows.map(([, code]) => code)).toEqual(Object.keys(problemCodes));
  for (const [, code, meaning] of rows) expect(meaning, code).toMatch(/^["`\w].{20,}[.?!]$/);
});

test('every variable of hooks is explained, and every event has some', () => {
  const text = textOf('reference/hooks.md');
  const named = new Set([...text.matchAll(/SIXGATE_\w+/g)].map(([name]) => name));
  expect([...named].filter((name) => !(name in hookVariables))).toEqual([]);
  expect(text).not.toMatch(/^\| `[\w-]+` \|\s*\|$/m);
});

test('what a line of the log has is there', () => {
  for (const field of ['time', 'level', 'message', 'event', 'code', 'mend', 'tookMs', 'flows']) {
    expect(textOf('reference/log.md')).toContain(`| \`${field}\` |`);
  }
  expect(textOf('reference/log.md')).toContain("'problem-over'");
});

test('what every metric is labelled with is there', () => {
  expect(textOf('metrics.md')).toContain(
    '| `sixgate_delegation_info` | gauge | `uplink`, `interface`, `prefix`, `iaid`, `current` |',
  );
  expect(textOf('metrics.md')).toContain('| `sixgate_serve_answers_total` | counter | `code` |');
});

test('fields within fields are there by their whole path', () => {
  const text = textOf('status-json.md');
  for (const path of [
    'schemaVersion',
    'uplinks[].delegations[].validUntil',
    'daemon.state',
    'activity.lastChange.because',
  ]) {
    expect(text).toContain(`| \`${path}\` |`);
  }
});

describe('the drawing of the layers', () => {
  const config = (...paths: readonly string[]) => JSON.stringify({ references: paths.map((path) => ({ path })) });
  const layers = readLayers({ a: config('../b', '../c'), b: config('../c'), c: '{}' });

  test('a layer stands above what it imports, and lines that follow from others are left out', () => {
    expect(layers.map(({ name }) => heightOf(layers, name))).toEqual([2, 1, 0]);
    expect(layers.map((layer) => directImports(layers, layer))).toEqual([['b'], ['c'], []]);
  });

  test('docs/architecture.md tells of every folder that there is, and of none that is not', () => {
    const told = [...read('docs/architecture.md').matchAll(/^\| `src\/(\w+)`/gm)].map(([, name = '']) => name);
    expect(new Set(told)).toEqual(new Set([...layersBelow(root), 'bpf', 'testing']));
  });
});
