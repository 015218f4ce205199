import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimSocket } from './single-instance.ts';
import { systemProcesses } from './system-processes.ts';

let directory = '';
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'sixgate-claim-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const path = (): string => join(directory, 'control.sock');

test('the second learns of the first, and gets it when that is gone', async () => {
  const first = await claimSocket(path(), systemProcesses);
  if (!first.ok) throw new Error(first.problem.message);
  expect(await claimSocket(path(), systemProcesses)).toMatchObject({ ok: false, problem: { code: 'already-running' } });
  await first.value();
  const second = await claimSocket(path(), systemProcesses);
  expect(second.ok).toBe(true);
  if (second.ok) await second.value();
});

test('what a killed one left is taken over', async () => {
  const script = `require('net').createServer().listen(${JSON.stringify(path())}, () => process.kill(process.pid, 'SIGKILL'))`;
  await new Promise((resolve) => spawn(process.execPath, ['-e', script]).on('close', resolve));
  const claim = await claimSocket(path(), systemProcesses);
  expect(claim.ok).toBe(true);
  if (claim.ok) await claim.value();
});

test('of several that start at once over a leftover one gets it', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 3; round++) {
    const script = `require('net').createServer().listen(${JSON.stringify(path())}, () => process.kill(process.pid, 'SIGKILL'))`;
    await new Promise((resolve) => spawn(process.execPath, ['-e', script]).on('close', resolve));
    const claims = await Promise.all(Array.from({ length: 4 }, () => claimSocket(path(), systemProcesses)));
    const won = claims.filter(({ ok }) => ok);
    expect(won).toHaveLength(1);
    for (const claim of won) if (claim.ok) await claim.value();
  }
});

test('where no socket can be made that is told', async () => {
  expect(await claimSocket(join(directory, 'no/such/control.sock'), systemProcesses)).toMatchObject({
    ok: false,
    problem: { code: 'file-unwritable' },
  });
});
