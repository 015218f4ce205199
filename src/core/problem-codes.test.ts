import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { problemCodes } from './problem-codes.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
const paragraphs = page
  .split(/^### /m)
  .slice(1)
  .map((section): [string, string] => {
    const [code = '', ...rest] = section.split('\n');
    return [code, rest.join('\n').split(/^## /m)[0]!.trim()];
  });

test('every code has a paragraph, and every paragraph a code', () => {
  expect(paragraphs.map(([code]) => code).sort()).toEqual(Object.keys(problemCodes).sort());
});

test('no paragraph is empty', () => {
  for (const [code, text] of paragraphs) expect([code, text.length > 60]).toEqual([code, true]);
});
