import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repositoryRoot } from '../lab/repository.ts';
import { executable, sixgate } from './sixgate.ts';

/** The guides are played by test/docs; what stands in the other pages is held here. */
const docs = join(repositoryRoot, 'docs');
const commands = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => commandsOf(name, readFileSync(join(docs, name), 'utf8')));

let scratch: string;
beforeEach(() => (scratch = mkdtempSync(join(tmpdir(), 'sixgate-documented-'))));
afterEach(() => rmSync(scratch, { recursive: true }));

/** "page: command" for each command of sixgate in a block, whole, without its remark. */
function commandsOf(page: string, markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|console)[^\n]*\n(.*?)^```/gms)].map(([, text]) => text!);
  return blocks
    .flatMap((text) => text.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/^\$ /, '').replace(/\s+#.*$/, ''))
    .filter((line) => line.startsWith('sixgate '))
    .map((line) => `${page}: ${line}`);
}

test('there are such commands', () => {
  expect(commands.length).toBeGreaterThan(10);
});

const pure = /^\S+: sixgate (generate|map|address|ula) (?!.*\.\.\.)/;

test.each(commands.filter((line) => pure.test(line)))('%s', (line) => {
  const words = line.replace(/^\S+: sixgate /, `'${executable}' `).replace(/--out \//, `--out ${scratch}`);
  const { status, stderr } = spawnSync('sh', ['-c', words], { encoding: 'utf8' });
  expect(`${status} ${stderr}`).toMatch(/^0 /);
});

test.each(commands.filter((line) => !pure.test(line)))('%s (its options)', (line) => {
  const words = line.replace(/^\S+: sixgate /, '').split(' ');
  const end = words.findIndex((word) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word));
  const { code, stdout } = sixgate([...words.slice(0, end < 0 ? words.length : end), '--help']);
  expect(code).toBe(0);
  for (const option of line.match(/--[a-z0-9-]+/g) ?? []) expect(stdout).toContain(option);
});
