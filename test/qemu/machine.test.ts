import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Machine } from './machine.ts';

/** Shell in the place of QEMU: what it prints are the verdicts. */
const directory = mkdtempSync(join(tmpdir(), 'sixgate-machine-'));
afterAll(() => rmSync(directory, { recursive: true }));

function start(script: string, patience = 60_000): Machine {
  const console = join(directory, 'console');
  writeFileSync(console, 'first line\r\nkernel panic\r\n');
  return new Machine({ argv: ['bash', '-c', script], console, patience });
}

const verdict = JSON.stringify({ scene: 'one', check: 'good', milliseconds: 5 });

test('a check is judged as soon as its line comes, while the machine still runs', async () => {
  const machine = start(`echo '${verdict}'; sleep 60`);
  expect(await machine.verdict('one', 'good')).toEqual({ scene: 'one', check: 'good', milliseconds: 5 });
  await machine.stop();
});

test('what was not judged when it ends has failed, with the exit code and the tail of the console', async () => {
  const machine = start(`echo '${verdict}'; exit 3`);
  const { failure } = await machine.verdict('one', 'never');
  expect(failure).toContain('ended with exit code 3');
  expect(failure).toContain('kernel panic');
  expect((await machine.verdict('one', 'asked later')).failure).toContain('ended with exit code 3');
});

test('one that says nothing for too long is killed, and all that is open has failed', async () => {
  const machine = start(`echo '${verdict}'; sleep 60`, 300);
  const { failure } = await machine.verdict('one', 'never');
  expect(failure).toContain('it hung: no verdict in 0.3 s, killed');
  expect(failure).toContain('kernel panic');
  await machine.ended;
});

test('one that still waits for its turn, and so has no console yet, does not count as hung', async () => {
  const console = join(directory, 'later');
  const machine = new Machine({ argv: ['bash', '-c', `sleep 1; echo '${verdict}'; sleep 60`], console, patience: 300 });
  expect((await machine.verdict('one', 'good')).failure).toBeUndefined();
  await machine.stop();
});

test('what cannot be started is told', async () => {
  const machine = new Machine({ argv: ['/no/such/program'], console: join(directory, 'console'), patience: 1000 });
  expect((await machine.verdict('one', 'never')).failure).toContain('it could not be started');
});
