import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GeneratedFile } from '../generate/generated-file.ts';
import { systemFiles } from '../host/system-files.ts';
import { formatFiles, formatFilesJson, writeTree } from './deliver-files.ts';

const files: GeneratedFile[] = [
  { path: '/etc/one.conf', mode: 0o644, text: 'one\n' },
  { path: '/usr/lib/two/hook', mode: 0o755, text: '#!/bin/sh\n' },
];

describe('generated files as text', () => {
  test('one file is nothing but itself', () => {
    expect(formatFiles([files[0]!])).toBe('one\n');
  });

  test('several have headings', () => {
    expect(formatFiles(files)).toBe('# ==> /etc/one.conf\none\n\n# ==> /usr/lib/two/hook\n#!/bin/sh\n');
  });

  test('JSON has modes as chmod takes them', () => {
    expect(JSON.parse(formatFilesJson(files))).toEqual({
      schemaVersion: 1,
      files: [
        { path: '/etc/one.conf', mode: '0644', text: 'one\n' },
        { path: '/usr/lib/two/hook', mode: '0755', text: '#!/bin/sh\n' },
      ],
    });
  });
});

describe('generated files under a directory', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sixgate-tree-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const write = (force = false) => writeTree(systemFiles, files, root, force);

  test('are written with their modes', async () => {
    expect(await write()).toEqual({
      ok: true,
      value: [`${root}/etc/one.conf written`, `${root}/usr/lib/two/hook written`],
    });
    expect(readFileSync(join(root, 'etc/one.conf'), 'utf8')).toBe('one\n');
    expect(statSync(join(root, 'usr/lib/two/hook')).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(root, 'etc'))).toEqual(['one.conf']);
  });

  test('are left alone where they are current', async () => {
    await write();
    const before = statSync(join(root, 'etc/one.conf')).ino;
    expect(await write()).toEqual({
      ok: true,
      value: [`${root}/etc/one.conf is current`, `${root}/usr/lib/two/hook is current`],
    });
    expect(statSync(join(root, 'etc/one.conf')).ino).toBe(before);
  });

  test('where one differs, none is written', async () => {
    mkdirSync(join(root, 'usr/lib/two'), { recursive: true });
    writeFileSync(join(root, 'usr/lib/two/hook'), 'mine\n');
    expect(await write()).toMatchObject({ ok: false, problem: { code: 'file-differs' } });
    expect(readdirSync(root)).toEqual(['usr']);
    expect(readFileSync(join(root, 'usr/lib/two/hook'), 'utf8')).toBe('mine\n');
  });

  test('unless that is what was asked for', async () => {
    mkdirSync(join(root, 'etc'));
    writeFileSync(join(root, 'etc/one.conf'), 'mine\n');
    expect(await write(true)).toMatchObject({ ok: true });
    expect(readFileSync(join(root, 'etc/one.conf'), 'utf8')).toBe('one\n');
  });

  test.each(['relative', '/etc/../../x', '/etc//x'])('the path %s is a mistake of ours', async (path) => {
    await expect(writeTree(systemFiles, [{ path, mode: 0o644, text: '' }], root, false)).rejects.toThrow(RangeError);
    expect(readdirSync(root)).toEqual([]);
  });
});
