import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemFiles } from './system-files.ts';

let directory = '';
const at = (name: string): string => join(directory, name);
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'sixgate-files-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('read', () => {
  test('the text, nothing where there is no file, a problem for what is no file', async () => {
    writeFileSync(at('a'), 'grün\n');
    expect(await systemFiles.read(at('a'))).toEqual({ ok: true, value: 'grün\n' });
    expect(await systemFiles.read(at('b'))).toEqual({ ok: true, value: undefined });
    const refused = await systemFiles.read(directory);
    expect(refused).toMatchObject({ ok: false, problem: { code: 'file-unreadable' } });
    expect(!refused.ok && refused.problem.message).toContain(directory);
  });
});

describe('readOwn', () => {
  test('the text, nothing where there is no file', async () => {
    writeFileSync(at('a'), 'mine', { mode: 0o640 });
    expect(await systemFiles.readOwn(at('a'))).toEqual({ ok: true, value: 'mine' });
    expect(await systemFiles.readOwn(at('b'))).toEqual({ ok: true, value: undefined });
  });

  test.each([
    ['a link', () => symlinkSync(at('a'), at('b')), 'it is a symbolic link'],
    ['a directory', () => mkdirSync(at('b')), 'it is not a regular file'],
    ['a pipe', () => execFileSync('mkfifo', ['-m', '600', at('b')]), 'it is not a regular file'],
    ["another user's file", () => chownSync(own('b'), 65534, 65534), 'it belongs to another user (65534)'],
    ['what a group may write', () => chmodSync(own('b'), 0o660), 'others than its owner may write it'],
    ['what everybody may write', () => chmodSync(own('b'), 0o602), 'others than its owner may write it'],
  ])('not %s', async (_name, make, why) => {
    own('a');
    make();
    const refused = await systemFiles.readOwn(at('b'));
    expect(refused).toMatchObject({ ok: false, problem: { code: 'file-unreadable' } });
    expect(!refused.ok && refused.problem.message).toBe(`${at('b')} could not be read: ${why}`);
  });

  function own(name: string): string {
    writeFileSync(at(name), 'text', { mode: 0o600 });
    return at(name);
  }
});

describe('write', () => {
  test('under the name of a temporary file that a killed one of the same process ID left', async () => {
    await systemFiles.write(at('a'), 'one');
    const serials = Array.from({ length: 500 }, (_, serial) => at(`.${process.pid}-${serial}.tmp`));
    for (const path of serials) writeFileSync(path, 'left over');
    expect(await systemFiles.write(at('a'), 'two')).toMatchObject({ ok: true });
    expect(readFileSync(at('a'), 'utf8')).toBe('two');
  });

  test('makes it with its mode, replaces it, leaves nothing else behind', async () => {
    expect(await systemFiles.write(at('a'), 'one', 0o600)).toEqual({ ok: true, value: undefined });
    expect(statSync(at('a')).mode & 0o777).toBe(0o600);
    await systemFiles.write(at('a'), 'two');
    expect(readFileSync(at('a'), 'utf8')).toBe('two');
    expect(readdirSync(directory)).toEqual(['a']);
  });

  test('replaces the name and not what it leads to', async () => {
    writeFileSync(at('target'), 'theirs');
    symlinkSync(at('target'), at('link'));
    await systemFiles.write(at('link'), 'ours');
    expect(readFileSync(at('target'), 'utf8')).toBe('theirs');
    expect(readFileSync(at('link'), 'utf8')).toBe('ours');
  });

  test('a reader sees the old or the new text, whole', async () => {
    const [old, next] = ['a', 'b'].map((letter) => letter.repeat(200_000));
    await systemFiles.write(at('a'), old!);
    let done = false;
    const seen = new Set<string>();
    const reading = (async () => {
      while (!done) {
        const read = await systemFiles.read(at('a'));
        if (read.ok)
          seen.add(read.value === undefined ? 'gone' : read.value === old || read.value === next ? 'whole' : 'torn');
      }
    })();
    for (let round = 0; round < 10; round++) await systemFiles.write(at('a'), round % 2 ? old! : next!);
    done = true;
    await reading;
    expect([...seen]).toEqual(['whole']);
  });

  test('where it cannot be written that is a problem, and what was there stays', async () => {
    expect(await systemFiles.write(at('no/such/a'), 'x')).toMatchObject({
      ok: false,
      problem: { code: 'file-unwritable' },
    });
    mkdirSync(at('taken'));
    expect(await systemFiles.write(at('taken'), 'x')).toMatchObject({
      ok: false,
      problem: { code: 'file-unwritable' },
    });
    expect(readdirSync(directory)).toEqual(['taken']);
  });
});

test('list: sorted; empty where there is no such directory; a problem for a file', async () => {
  for (const name of ['b', 'a', '.c']) writeFileSync(at(name), '');
  expect(await systemFiles.list(directory)).toEqual({ ok: true, value: ['.c', 'a', 'b'] });
  expect(await systemFiles.list(at('none'))).toEqual({ ok: true, value: [] });
  expect(await systemFiles.list(at('a'))).toMatchObject({ ok: false, problem: { code: 'file-unreadable' } });
});

test('remove: a file, and what is not there; a directory is a problem', async () => {
  writeFileSync(at('a'), '');
  expect((await systemFiles.remove(at('a'))).ok).toBe(true);
  expect((await systemFiles.remove(at('a'))).ok).toBe(true);
  mkdirSync(at('d'));
  expect(await systemFiles.remove(at('d'))).toMatchObject({ ok: false, problem: { code: 'file-unwritable' } });
});

test('makeDirectory: with all that lead to it, with its mode, also when it is there', async () => {
  expect((await systemFiles.makeDirectory(at('x/y'), 0o700)).ok).toBe(true);
  expect(statSync(at('x/y')).mode & 0o777).toBe(0o700);
  expect((await systemFiles.makeDirectory(at('x/y'))).ok).toBe(true);
  writeFileSync(at('f'), '');
  chmodSync(at('f'), 0o600);
  expect(await systemFiles.makeDirectory(at('f/g'))).toMatchObject({ ok: false, problem: { code: 'file-unwritable' } });
});

test('watchDirectory: tells of every replacement of a file, until it is told to stop', async () => {
  const names: string[] = [];
  const watched = systemFiles.watchDirectory(directory, (name) => names.push(name));
  if (!watched.ok) throw new Error(watched.problem.message);
  await systemFiles.write(at('a'), '1');
  await expect.poll(() => names.filter((name) => name === 'a').length).toBeGreaterThan(0);
  names.length = 0;
  await systemFiles.write(at('a'), '2');
  await expect.poll(() => names.filter((name) => name === 'a').length).toBeGreaterThan(0);
  watched.value();
  names.length = 0;
  await systemFiles.write(at('b'), '3');
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(names).toEqual([]);
  expect(systemFiles.watchDirectory(at('none'), () => {})).toMatchObject({ ok: false });
});
