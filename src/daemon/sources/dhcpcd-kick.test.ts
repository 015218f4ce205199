import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemHost } from '../../host/system-host.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { createDhcpcdKick, type Kick } from './dhcpcd-kick.ts';

/** A process that locks its pid file as dhcpcd does and writes down the signals it gets: what is tested is who is signalled, with what and when. */
let directory: string;
let process_: ChildProcess;
let clock: ManualClock;
let kick: Kick;
let lines: string[];
/** Signals of one kind that arrive together count once, so each is awaited before the clock goes on. */
const expectSignals = (expected: string[]): Promise<void> =>
  expect.poll(received, { timeout: 20_000 }).toEqual(expected);
/** As long as a signal takes, and longer. */
const silence = (): Promise<void> => pause(200);
const received = (): string[] => readFileSync(join(directory, 'signals'), 'utf8').trim().split('\n').filter(Boolean);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sixgate-kick-'));
  writeFileSync(join(directory, 'signals'), '');
  const lock = `echo $$ > ${directory}/eth0-6.pid; exec 9< ${directory}/eth0-6.pid; flock 9`;
  const script = `${lock}; trap 'echo USR1 >> ${directory}/signals' USR1; trap 'echo HUP >> ${directory}/signals' HUP; echo; while :; do read -t 0.02 <> <(:); done`;
  process_ = spawn('bash', ['-c', script]);
  await new Promise((resolve) => process_.stdout!.once('data', resolve));
  lines = [];
  const say = (line: string): void => void lines.push(line);
  clock = new ManualClock();
  kick = createDhcpcdKick({
    host: { ...systemHost, clock },
    directory,
    interface: 'eth0',
    log: { info: say, warn: say, error: say },
  });
});

afterEach(() => {
  kick.stop();
  process_.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

test('USR1 at once, and no more when the answer is there', async () => {
  kick.kick('test', 'answer');
  await expectSignals(['USR1']);
  kick.answered(false);
  await clock.advance(20_000);
  await silence();
  expect(received()).toEqual(['USR1']);
  expect(lines).toEqual(['eth0: dhcpcd is asked to renew: test']);
});

test('nobody answers: rebinding, which any server may answer', async () => {
  kick.kick('test', 'answer');
  await expectSignals(['USR1']);
  await clock.advance(100);
  await expectSignals(['USR1', 'USR1']);
  await clock.advance(200);
  await expectSignals(['USR1', 'USR1', 'HUP']);
});

test('a change is awaited: an answer without one asks again, one with it ends', async () => {
  kick.kick('test', 'change');
  await expectSignals(['USR1']);
  kick.answered(false);
  await clock.advance(100);
  await expectSignals(['USR1', 'USR1']);
  await clock.advance(200);
  await expectSignals(['USR1', 'USR1', 'USR1']);
  kick.answered(true);
  await clock.advance(20_000);
  await silence();
  expect(received()).toEqual(['USR1', 'USR1', 'USR1']);
});

test('a storm of reasons is one campaign', async () => {
  for (let index = 0; index < 50; index++) kick.kick(`storm ${index}`, 'answer');
  await expectSignals(['USR1']);
  kick.answered(false);
  await clock.advance(20_000);
  await silence();
  expect(received()).toEqual(['USR1']);
});

test('another prefix announced within the second is asked for at once, a storm of them a few times', async () => {
  kick.kick('a router announces a', 'change');
  await expectSignals(['USR1']);
  await clock.advance(60);
  kick.kick('a router announces b', 'change');
  await expectSignals(['USR1', 'USR1']);
  for (let index = 0; index < 12; index++) {
    await clock.advance(60);
    kick.kick(`a router announces ${index}`, 'change');
  }
  await silence();
  expect(lines.length).toBeGreaterThanOrEqual(2);
  expect(lines.length).toBeLessThanOrEqual(6);
});

test('patience: nothing is asked where the answer comes by itself', async () => {
  kick.kick('test', 'answer', 150);
  kick.answered(true);
  await clock.advance(20_000);
  await silence();
  expect(received()).toEqual([]);
});

test('patience: it is asked where no answer comes', async () => {
  kick.kick('test', 'answer', 150);
  await clock.advance(149);
  await silence();
  expect(received()).toEqual([]);
  await clock.advance(1);
  await expectSignals(['USR1']);
});

test('a pid file that nobody locks, or garbage, signals nobody', async () => {
  rmSync(join(directory, 'eth0-6.pid'));
  writeFileSync(join(directory, 'eth0-6.pid'), `${process.pid}\n`);
  writeFileSync(join(directory, 'pid'), '-1\n');
  writeFileSync(join(directory, 'eth0.pid'), '1 2\n');
  kick.kick('test', 'answer');
  await silence();
  expect(lines).toEqual([]);
});
