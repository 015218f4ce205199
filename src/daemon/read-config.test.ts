import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemFiles } from '../host/system-files.ts';
import { readConfig } from './read-config.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sixgate-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const main = 'uplinks: { dsl: { interface: eth0, prefix: { from: dhcpcd } } }\n';

function write(name: string, text: string): void {
  if (name.includes('/')) mkdirSync(join(directory, 'conf.d'), { recursive: true });
  writeFileSync(join(directory, name), text);
}

const read = () => readConfig(systemFiles, join(directory, 'config.yaml'));

describe('readConfig', () => {
  test('one file, without conf.d', async () => {
    write('config.yaml', main);
    expect(await read()).toMatchObject({ ok: true, value: { config: { uplinks: [{ interface: 'eth0' }] } } });
  });

  test('conf.d in the order of its names, and nothing but visible *.yaml of it', async () => {
    write('config.yaml', main);
    write('conf.d/20-b.yaml', 'uplinks: { dsl: { interface: late } }\n');
    write('conf.d/10-a.yaml', 'uplinks: { dsl: { interface: early } }\n');
    write('conf.d/30-c.yml', 'nonsense');
    write('conf.d/.40.yaml', 'nonsense');
    write('conf.d/50.yaml.dpkg-old', 'nonsense');
    expect(await read()).toMatchObject({ ok: true, value: { config: { uplinks: [{ interface: 'late' }] } } });
  });

  test('all problems, each with its file, and the first of them as the summary', async () => {
    write('config.yaml', main + 'x: 1\n');
    write('conf.d/a.yaml', 'y: 1\n');
    const result = await read();
    expect(result).toMatchObject({
      ok: false,
      problem: {
        code: 'config-key-unknown',
        message: `${directory}/config.yaml:2:1: unknown key "x" (and 1 more)`,
        problems: [
          { file: `${directory}/config.yaml`, line: 2, column: 1 },
          { file: `${directory}/conf.d/a.yaml`, line: 1, column: 1 },
        ],
      },
    });
  });

  test('no file', async () => {
    expect(await read()).toMatchObject({
      ok: false,
      problem: { code: 'config-missing', message: `${directory}/config.yaml:1:1: there is no such file` },
    });
  });

  test('a directory in place of the file, and what is wrong beside it', async () => {
    mkdirSync(join(directory, 'config.yaml'));
    write('conf.d/a.yaml', 'y: 1\n');
    expect(await read()).toMatchObject({
      ok: false,
      problem: { problems: [{ code: 'file-unreadable' }, { code: 'config-key-unknown' }] },
    });
  });
});
