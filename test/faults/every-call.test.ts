import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatPrefix } from '../../src/core/prefix.ts';
import { parseStored } from '../../src/engine/stored-delegations.ts';
import { startProcess, type LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { expectNothing } from './expected.ts';
import { stateful } from './family-stateful.ts';
import { judge } from './invariants.ts';
import { runStep } from './steps.ts';
import { World } from './world.ts';

// One renumbering, over and over: the daemon is killed at its first call of a kind, at its second, and so on until it has no more.

const long = process.env['SIXGATE_LONG'] !== undefined;
/** All of them change something that outlives the daemon, or begin what does; the others in a long run. */
const calls = [
  'rename,renameat,renameat2',
  'unlink,unlinkat',
  'mkdir,mkdirat',
  'fsync,fdatasync',
  'clone,clone3,vfork,fork',
  ...(long ? ['openat', 'write,writev,pwrite64', 'close', 'read', 'epoll_ctl'] : []),
];
const prefixes = ['2001:db8:11:100::/58', '2001:db8:22:200::/58'] as const;
const most = 400;

let world: World;
const expected = expectNothing();
let turn = 0;
beforeAll(async () => {
  world = await World.start(stateful);
  start();
  await world.waitForGuard();
  world.startTraffic();
  await runStep(world, expected, { do: 'renumber', prefix: prefixes[1], valid: 3600 });
  await expectOrder();
}, 60_000);
afterAll(async () => world?.stop());

/** With one thread for files, whose calls come in the same order each time. */
function start(): void {
  world.startDaemon(['env', 'UV_THREADPOOL_SIZE=1']);
}

async function expectOrder(): Promise<void> {
  const { broken } = await judge(world, expected, world.traffic.long);
  expect(broken, world.log().slice(-4000)).toBeUndefined();
}

/** Kills the daemon at its `when`th call from now on. */
async function attach(call: string, when: number): Promise<LabProcess> {
  const pid = String(world.report()!.daemon.pid);
  const options = ['-f', '-b', 'execve', '-qq', '-o', '/dev/null', '-e', `trace=${call}`];
  const inject = ['-e', `inject=${call}:signal=KILL:when=${when}`];
  const argv = ['strace', ...options, ...inject, '-p', pid];
  const tracer = startProcess(argv, `${world.directory}/strace.log`, { label: 'strace' });
  await waitUntil('strace', () => {
    try {
      return readdirSync(`/proc/${pid}/task`).every(
        (thread) => !/TracerPid:\t0/.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8')),
      );
    } catch {
      return true; // It was at that call before anything was told, and is dead.
    }
  });
  return tracer;
}

/** The prefix that is stored, whatever else went wrong. */
function readStored(): string | undefined {
  const text = readFileSync(world.path('state/delegations.json'), 'utf8');
  const read = parseStored(text);
  if (!read.ok) throw new Error(`${read.problem.message}: ${text}`);
  const latest = read.value.delegations.at(-1);
  return latest && formatPrefix(latest.prefix);
}

test.each(calls)(
  'killed at each %s of a renumbering: what is on the disk is whole, nothing that was told is lost, the guard stands, and after the next start all is in order',
  { timeout: long ? 3_600_000 : 300_000 },
  async (call) => {
    let when = 1;
    for (; when < most; when++) {
      const [prefix, before] = turn++ % 2 === 0 ? prefixes : prefixes.toReversed();
      const daemon = world.daemon!;
      const tracer = await attach(call, when);
      Object.assign(expected, { before: [before], ended: [before], held: [prefix] });
      world.tell({ named: [prefix, before], dead: [before] });
      const isDone = (): boolean => world.report()?.mappings.some(({ outside }) => outside === prefix) ?? false;
      await waitUntil('the prefix, or its end', () => !daemon.running() || isDone());
      await Promise.race([daemon.exited, sleep(600)]);
      await tracer.stop(500);
      if (daemon.running()) {
        await expectOrder();
        break;
      }
      expect(await world.router(['nft', 'list', 'tables'])).toContain('table inet sixgate_guard\n');
      JSON.parse(readFileSync(world.path('run/state.json'), 'utf8'));
      const stored = readStored();
      const waits = existsSync(world.path('run/events')) && readdirSync(world.path('run/events')).length > 0;
      start();
      expect(waits || stored === prefix, 'what was told is there, or stored').toBe(true);
      await expectOrder();
    }
    console.log(`${call}: killed ${when - 1} times`);
    expect(when).toBeGreaterThan(call.startsWith('mkdir') ? 0 : 1);
    expect(when).toBeLessThan(most);
  },
);
