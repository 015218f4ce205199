import { chmodSync, readdirSync, statSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../lab/wait-until.ts';
import { stateful } from './family-stateful.ts';
import { runSequence } from './sequence.ts';
import { expectNothing } from './expected.ts';
import type { Step } from './kind.ts';
import { hostileWays, runStep } from './steps.ts';
import { World } from './world.ts';

// What a user of the same machine can do who is nobody in particular, for real: as user 65534 beside the running daemon.

let world: World;
beforeEach(async () => {
  world = await World.start(stateful);
  chmodSync(world.directory, 0o755);
  world.startDaemon();
  await world.waitForGuard();
  await runStep(world, expectNothing(), { do: 'renumber', prefix: '2001:db8:11:100::/58', valid: 3600 });
  await waitUntil('the mapping', () => world.report()?.mappings.length === 1);
});
afterEach(async () => world.stop());

const nobody = [
  'setpriv',
  '--reuid',
  '65534',
  '--regid',
  '65534',
  '--clear-groups',
  '--bounding-set=-all',
  '--inh-caps=-all',
];
const asNobody = (script: string) => world.attempt([...nobody, 'sh', '-c', script]);

test('nobody can leave an event, see one, take the place of a file, or talk to the daemon', async () => {
  const run = `${world.directory}/run`;
  const state = `${world.directory}/state`;
  const connect = `node -e 'require("net").connect("${run}/control.sock").on("error", (e) => { console.log(e.code); process.exit(1); }).on("connect", () => process.exit(0))'`;
  for (const script of [
    `touch ${run}/events/000000000001-0000000001`,
    `ls ${run}/events`,
    `ln -s /etc/passwd ${run}/events/x`,
    `touch ${run}/x`,
    `ln -s /etc/passwd ${run}/.1-1.tmp`,
    `mv ${run}/state.json ${run}/other`,
    `rm ${run}/control.sock`,
    `: >${run}/state.json`,
    `touch ${state}/x`,
    `: >${state}/delegations.json`,
    `kill -HUP ${world.report()!.daemon.pid}`,
    `nft list ruleset`,
    `ip -6 route add unreachable 2001:db8::/32`,
    connect,
  ]) {
    expect([script, (await asNobody(script)).code]).not.toEqual([script, 0]);
  }
  // What is for all to read says nothing that is a secret.
  expect((await asNobody(`cat ${run}/state.json`)).code).toBe(0);
  const modes = Object.fromEntries(
    ['run/events', 'run/control.sock', 'run/state.json'].map((name) => [name, statSync(world.path(name)).mode & 0o777]),
  );
  expect(modes['run/events']).toBe(0o700);
  expect(modes['run/control.sock']! & 0o022).toBe(0);
  expect(modes['run/state.json']! & 0o022).toBe(0);
});

test('what comes over its socket and is no request ends the connection, and nothing else', async () => {
  const say = `
    const { connect } = require('node:net');
    const texts = ['null', '1', '[]', '{}', '{"ask":"try"}', '{"ask":"try","sources":[null],"within":1}', '{"ask":"keep"}', 'x', '"'.repeat(100000)];
    const next = () => {
      const text = texts.shift();
      if (text === undefined) return;
      const socket = connect('${world.directory}/run/control.sock', () => socket.end(text + '\\n'));
      socket.on('error', () => {}).on('close', next).resume();
    };
    next();`;
  const { code, stderr } = await world.attempt([process.execPath, '-e', say]);
  expect([code, stderr]).toEqual([0, '']);
  const asked = await world.attempt([
    process.execPath,
    '-e',
    `const s = require('node:net').connect('${world.directory}/run/control.sock', () => s.write('{"ask":"where"}\\n')).on('data', (data) => { console.log(String(data)); s.end(); })`,
  ]);
  expect(asked.stdout).toContain('"is":"here"');
  expect(world.daemon!.running()).toBe(true);
});

test('events of a directory that others can write, and names planted in /dev/shm: nothing of theirs is taken, no one waits', async () => {
  await world.router(['chmod', '0777', `${world.directory}/run/events`]);
  const planted = `
    cd ${world.directory}/run/events
    n=100000
    for what in 'ln -s /etc/shadow' mkfifo mkdir 'ln -s /dev/zero' 'cp /etc/hostname'; do
      n=$((n + 1))
      $what 000000$n-0000000001
    done
    printf 'interface=eth0\\0reason=STOP6\\0' >000000200000-0000000001
    printf 'interface=eth0\\0reason=STOP6\\0' >.000000200001-0000000001
    truncate -s 10G 000000200002-0000000001
    i=0; while [ $i -lt 300 ]; do : >/dev/shm/.sixgate-${world.report()!.daemon.pid}-$i; i=$((i + 1)); done`;
  await asNobody(planted);
  try {
    await waitUntil(
      'them to be taken away',
      () => readdirSync(world.path('run/events')).filter((name) => !name.startsWith('.')).length <= 1,
    );
    await runStep(world, expectNothing(), { do: 'replace', prefix: '2001:db8:22:200::/58' });
    await waitUntil('the next prefix', () =>
      world.report()?.mappings.some(({ outside }) => outside === '2001:db8:22:200::/58'),
    );
    expect(world.daemon!.running()).toBe(true);
    expect(world.daemon!.log()).toContain('belongs to user 65534');
  } finally {
    await asNobody(`rm -f /dev/shm/.sixgate-*`);
  }
});

test(
  'a server, or whoever writes as the hook, that is hostile in every way: what was in force stays',
  { timeout: 120_000 },
  async () => {
    const steps: Step[] = [{ do: 'renumber', prefix: '2001:db8:11:100::/58', valid: 3600 }, ...hostileWays];
    const { broken, log } = await runSequence(stateful, steps);
    expect(broken, log).toBeUndefined();
  },
);
