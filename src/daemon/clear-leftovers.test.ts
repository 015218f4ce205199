import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemHost } from '../host/system-host.ts';
import { clearLeftovers } from './clear-leftovers.ts';

test('what killed processes left behind goes, what others write or an admin keeps stays', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-leftovers-'));
  const paths = { config: '', runtimeDir: join(directory, 'run'), stateDir: join(directory, 'state') };
  const own = 4_000_001;
  try {
    for (const each of [paths.runtimeDir, paths.stateDir]) {
      mkdirSync(each);
      const names = [`.${own}-3.tmp`, '.4000002-17.tmp', `.${process.ppid}-1.tmp`, 'state.json', '.x.tmp', 'own.o'];
      for (const name of [...names, 'sixgate-c1782cd4.o']) writeFileSync(join(each, name), '');
    }
    await clearLeftovers(systemHost, paths, own);
    for (const each of [paths.runtimeDir, paths.stateDir]) {
      expect(readdirSync(each).toSorted()).toEqual(
        ['.x.tmp', `.${process.ppid}-1.tmp`, 'own.o', 'state.json'].toSorted(),
      );
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
