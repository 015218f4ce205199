import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/complaints.md'), 'utf8');
const inTables = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| complaint |'));
const rows = inTables.flatMap((line) => {
  const [, complaint, answer, path, name] = /^\| (.+?) \| (.+?) \| (\S+\.test\.ts) "(.+)" \|$/.exec(line) ?? [];
  return complaint === undefined ? [] : [{ complaint, answer: answer!, path: path!, name: name! }];
});

test('every row has a complaint, an answer and a test', () => {
  expect(rows).toHaveLength(inTables.length);
});

test('none of the fifteen is left out', () => {
  const numbers = new Set(rows.flatMap(({ complaint }) => /^(\d+)\. /.exec(complaint)?.[1] ?? []));
  expect([...numbers].map(Number).toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 15 }, (_, index) => index + 1),
  );
});

test.each(rows)('$complaint', ({ path, name }) => {
  const text = readFileSync(join(root, path), 'utf8').replaceAll(String.raw`\'`, "'");
  // As a whole name, and not as a part of another one or of a remark.
  expect([`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => text.includes(quoted))).toBe(true);
});
