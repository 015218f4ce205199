import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../lab/run-command.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { hearReply, type Expected } from './expected.ts';
import type { Kinds, Step } from './kind.ts';
import type { Family, Told } from './family.ts';
import type { Random } from './random.ts';
import { hookReply } from './hook-reply.ts';
import { defaultRoute, inside, type World } from './world.ts';

export const prefixes = [1, 2, 3, 4, 5].map((site) => `2001:db8:${site}${site}:${site}00::/58`);
/** What a hostile or broken server can delegate and nobody may take. */
const refusedPrefixes = [
  '::/0',
  '::/64',
  '2000::/3',
  inside,
  'fe80::/58',
  'ff0e::/58',
  'fd00::/58',
  '2002:7f00:1::/58',
  '2001::/58',
  '2001:db8::/19',
  '2001:db8:9::/65',
];

const hostileHows = [
  'prefix',
  'many',
  'link',
  'directory',
  'huge',
  'fifo',
  'name',
  'bytes',
  'twice',
  'flood',
  'owner',
  'device',
] as const;

/** Each way in which an event can be hostile, once, and each prefix that nobody may take. */
export const hostileWays: readonly Step[] = [
  ...refusedPrefixes.map((prefix) => ({ do: 'hostile event', how: 'prefix', prefix })),
  ...hostileHows.map((how) => ({ do: 'hostile event', how, prefix: '::/0' })),
];

const moment = (random: Random): number => random.pick([0, 1, 3, 10, 30, 100, 250]);

/** Something for the daemon to do, whatever is wrong at that moment. */
function stir(world: World, expected: Expected, prefix: string): void {
  hearReply(expected, [prefix], []);
  world.tell({ named: [prefix] });
}

/** What can happen to each family, unless it leaves it out. */
export const commonKinds: Kinds = {
  renumber: {
    weight: 8,
    choose: (random) => ({ prefix: random.pick(prefixes), valid: random.pick([600, 3600, 0xffff_ffff]) }),
    async run(world, expected, { prefix, valid }: { prefix: string; valid: number }) {
      hearReply(expected, [prefix], []);
      world.tell({ named: [prefix], valid });
    },
  },
  replace: {
    weight: 8,
    choose: (random) => ({ prefix: random.pick(prefixes) }),
    async run(world, expected, { prefix }: { prefix: string }) {
      const dead = expected.held.filter((each) => each !== prefix);
      hearReply(expected, [prefix, ...dead], dead);
      world.tell({ named: [prefix, ...dead], dead });
    },
  },
  'withdraw latest': {
    weight: 4,
    choose: () => ({}),
    async run(world, expected) {
      const [dead, alive] = [expected.held.at(-1), expected.held.at(-2)];
      if (dead === undefined) return;
      const named = alive === undefined ? [dead] : [alive, dead];
      hearReply(expected, named, [dead]);
      world.tell({ named, dead: [dead] });
    },
  },
  release: {
    weight: 3,
    choose: () => ({}),
    async run(world, expected) {
      expected.ended = expected.held;
      expected.held = [];
      world.leaveEvent(hookReply({ named: [] }, { reason: 'RELEASE6' }));
    },
  },
  burst: {
    weight: 6,
    choose: (random) => ({
      replies: Array.from({ length: 2 + random.below(12) }, () => ({
        prefix: random.pick(prefixes),
        kill: random.chance(30),
        twice: random.chance(20),
        pause: random.pick([0, 0, 0, 1, 5, 20]),
      })),
    }),
    async run(
      world,
      expected,
      { replies }: { replies: { prefix: string; kill: boolean; twice: boolean; pause: number }[] },
    ) {
      for (const { prefix, kill, twice, pause } of replies) {
        const dead = kill ? expected.held.filter((each) => each !== prefix) : [];
        hearReply(expected, [prefix, ...dead], dead);
        const told = { named: [prefix, ...dead], dead };
        world.tell(told);
        if (twice) world.tell(told);
        if (pause > 0) await sleep(pause);
      }
    },
  },
  'torn event': {
    weight: 3,
    choose: (random) => ({ prefix: random.pick(prefixes), share: random.below(100), hidden: random.chance(40) }),
    async run(world, _, { prefix, share, hidden }: { prefix: string; share: number; hidden: boolean }) {
      const text = hookReply({ named: [prefix] });
      // Up to before its last variables: what is left says nothing, since lifetimes are missing.
      const torn = text.slice(0, Math.floor(((text.lastIndexOf('new_') - 1) * share) / 100));
      if (hidden) writeFileSync(join(world.path('run/events'), `.${world.eventName()}`), torn);
      else world.leaveEvent(torn);
    },
  },
  'hostile event': {
    weight: 5,
    choose: (random) => ({
      how: random.pick(hostileHows),
      prefix: random.pick(refusedPrefixes),
    }),
    async run(world, _, { how, prefix }: { how: string; prefix: string }) {
      const events = world.path('run/events');
      if (!existsSync(events)) mkdirSync(events, { mode: 0o700 });
      const path = join(events, world.eventName());
      const good = hookReply({ named: ['2001:db8:bad::/48'] });
      switch (how) {
        case 'prefix':
          return world.leaveEvent(hookReply({ named: [prefix] }));
        case 'many':
          return world.leaveEvent(hookReply({ named: Array.from({ length: 1000 }, () => prefix) }));
        case 'link':
          return symlinkSync('/etc/passwd', path);
        case 'directory':
          mkdirSync(path);
          return;
        case 'name':
          return writeFileSync(join(events, 'x'.repeat(200)), good);
        case 'bytes':
          return writeFileSync(
            path,
            Uint8Array.from({ length: 5000 }, (__, index) => (index * 89 + (index >> 3)) % 256),
          );
        case 'twice':
          return writeFileSync(path, `${good}interface=eth0\0`);
        case 'fifo':
          return void (await runCommand(['mkfifo', path]));
        case 'device':
          return void (await runCommand(['mknod', path, 'c', '1', '5']));
        case 'owner':
          return void (await world.attempt([
            'sh',
            '-c',
            `printf x >"$0"; chown 65534 "$0"`,
            join(world.directory, 'run/events', path.split('/').at(-1)!),
          ]));
        case 'flood':
          for (let count = 0; count < 60; count++) world.leaveEvent(hookReply({ named: [prefix] }));
          return;
        default: {
          const file = openSync(path, 'w');
          ftruncateSync(file, 1 << 30);
          closeSync(file);
        }
      }
    },
  },
  'events of the past': {
    weight: 3,
    choose: (random) => ({ prefix: random.pick(prefixes), other: random.pick(prefixes) }),
    async run(world, expected, { prefix, other }: { prefix: string; other: string }) {
      // The older one comes later: in which order they are taken is open, and the last word is that of a third one.
      const [older, newer] = [world.eventName(300), world.eventName()];
      world.leaveEvent(hookReply({ named: [prefix] }), newer);
      world.leaveEvent(hookReply({ named: [other] }), older);
      await sleep(100);
      const dead = [...new Set([...expected.held, other])].filter((each) => each !== prefix);
      expected.ended = [...dead, prefix];
      expected.held = [prefix];
      world.tell({ named: [prefix, ...dead], dead });
    },
  },
  'events vanish': {
    weight: 2,
    choose: (random) => ({ prefix: random.pick(prefixes) }),
    async run(world, expected, { prefix }: { prefix: string }) {
      rmSync(world.path('run/events'), { recursive: true, force: true });
      await sleep(30);
      mkdirSync(world.path('run/events'), { mode: 0o700, recursive: true });
      stir(world, expected, prefix);
    },
  },
  'faulty tool': {
    weight: 14,
    choose: (random, family) => ({
      tool: random.pick(family.tools),
      // A conntrack that does nothing, says nothing and ends with 0 is believed.
      mode: random.pick([
        'fail',
        'kill',
        'after-kill',
        'hang',
        'after-hang',
        'late',
        'rubbish',
        'half 1',
        'half 2',
        'half 3',
        'half 4',
        'half 5',
      ]),
      before: random.chance(50),
      also: random.pick(['nothing', 'flush', 'table', 'element', 'restart']),
      prefix: random.pick(prefixes),
      second: random.pick(prefixes),
      time: random.pick([50, 200, 600, 1500]),
    }),
    async run(
      world,
      expected,
      {
        tool,
        mode,
        before,
        also,
        prefix,
        second,
        time,
      }: {
        tool: string;
        mode: string;
        before: boolean;
        also: string;
        prefix: string;
        second: string;
        time: number;
      },
    ) {
      // One that waits for input was started before the fault; a first change uses it up.
      if (!before) stir(world, expected, second);
      const { spoil, empty } = world.family;
      await world.setFault(tool, tool === 'conntrack' && mode === 'rubbish' ? 'fail' : mode);
      if (also === 'restart') {
        await world.kill();
        world.startDaemon();
      }
      const dead = expected.held.filter((each) => each !== prefix);
      hearReply(expected, [prefix, ...dead], dead);
      world.tell({ named: [prefix, ...dead], dead });
      if (also === 'flush') await flushAll(world);
      if (also === 'table') await world.attempt(['sh', '-c', spoil]);
      if (also === 'element') await world.attempt(['sh', '-c', empty]);
      await sleep(time);
      await world.setFault(tool, undefined);
      // By its own exit code a daemon may give up when the tool is rubbish from the start: then it is started again, as by systemd.
      if (!world.daemon!.running()) world.startDaemon();
    },
  },
  'disk full': {
    weight: 4,
    choose: (random) => ({
      where: random.pick(['run', 'state', 'both']),
      prefix: random.pick(prefixes),
      restart: random.chance(30),
    }),
    async run(world, expected, { where, prefix, restart }: { where: string; prefix: string; restart: boolean }) {
      const full = where === 'both' ? ['run', 'state'] : [where];
      for (const each of full) await world.attempt(['sh', '-c', `cat /dev/zero >${world.directory}/${each}/filler`]);
      try {
        stir(world, expected, prefix);
      } catch {
        // The hook cannot write either: this event is lost. The client says it again when there is room.
      }
      await sleep(200);
      if (restart) {
        await world.kill();
        world.startDaemon();
        await sleep(300);
      }
      for (const each of full) rmSync(world.path(`${each}/filler`), { force: true });
      if (!world.daemon!.running()) world.startDaemon();
      await sleep(20);
      stir(world, expected, prefix);
    },
  },
  'read-only': {
    weight: 4,
    choose: (random) => ({
      where: random.pick(['run', 'state']),
      prefix: random.pick(prefixes),
      restart: random.chance(30),
    }),
    async run(world, expected, { where, prefix, restart }: { where: string; prefix: string; restart: boolean }) {
      if (where === 'state') stir(world, expected, prefix);
      // Busy for as long as a file is being written.
      await waitUntil(
        'a read-only file system',
        async () => (await world.attempt(['mount', '-o', 'remount,ro', join(world.directory, where)])).code === 0,
      );
      if (where === 'state') stir(world, expected, prefix);
      await sleep(200);
      if (restart) {
        await world.kill();
        world.startDaemon();
        await sleep(400);
      }
      await world.router(['mount', '-o', 'remount,rw', join(world.directory, where)]);
      if (!world.daemon!.running()) world.startDaemon();
      stir(world, expected, prefix);
    },
  },
  clock: {
    weight: 6,
    choose: (random) => ({
      hours: random.pick([-100_000, -24, -1, 1, 3, 24, 8760]),
      restart: random.chance(30),
      prefix: random.pick([...prefixes, '']),
    }),
    async run(world, expected, { hours, restart, prefix }: { hours: number; restart: boolean; prefix: string }) {
      world.setClock(world.clockOffset + hours * 3_600_000);
      if (prefix !== '') stir(world, expected, prefix);
      await sleep(50);
      if (restart) {
        await sleep(1000);
        await world.kill();
        world.startDaemon();
      }
    },
  },
  kill: {
    weight: 8,
    choose: (random) => ({
      prefix: random.pick(prefixes),
      dies: random.chance(50),
      wait: moment(random),
      down: moment(random),
      flush: random.chance(20),
    }),
    async run(
      world,
      expected,
      {
        prefix,
        dies,
        wait,
        down,
        flush,
      }: { prefix: string; dies: boolean; wait: number; down: number; flush: boolean },
    ) {
      const dead = dies ? expected.held.filter((each) => each !== prefix) : [];
      hearReply(expected, [prefix, ...dead], dead);
      const told = { named: [prefix, ...dead], dead };
      world.tell(told);
      await sleep(wait);
      await world.kill();
      // Killed after it took the event and before it had stored what it said, it knows nothing of it: the client says it again at T1.
      world.tell(told);
      if (flush && !world.family.openWhileDead) await world.attempt(['sh', '-c', world.family.spoil]);
      await sleep(down);
      world.startDaemon();
    },
  },
  'kill at a system call': {
    weight: 12,
    choose: (random) => ({
      call: random.pick([
        'openat',
        'write',
        'rename',
        'fsync',
        'clone,clone3,vfork,fork',
        'sendto,sendmsg',
        'unlink',
        'close',
        'connect',
        'bind',
        'execve',
        'mkdir',
        'pipe2',
        'kill',
        'read',
        'inotify_add_watch',
        'epoll_ctl',
      ]),
      when: 1 + random.below(random.pick([3, 20, 80, 250])),
      prefix: random.pick(prefixes),
      second: random.pick(prefixes),
      dies: random.chance(60),
      flush: random.chance(30),
    }),
    async run(
      world,
      expected,
      {
        call,
        when,
        prefix,
        second,
        dies,
        flush,
      }: { call: string; when: number; prefix: string; second: string; dies: boolean; flush: boolean },
    ) {
      await world.kill();
      const daemon = world.startDaemon([
        'strace',
        '-f',
        '-b',
        'execve',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        `trace=${call}`,
        '-e',
        `inject=${call}:signal=KILL:when=${when}`,
      ]);
      const say = (named: string): Told => {
        const dead = dies ? expected.held.filter((each) => each !== named) : [];
        hearReply(expected, [named, ...dead], dead);
        return { named: [named, ...dead], dead };
      };
      await Promise.race([
        daemon.exited,
        waitUntil('the guard', () => (world.report()?.daemon.guardHeld ? true : undefined), { timeout: 1500 }).catch(
          () => {},
        ),
      ]);
      const messages = [say(prefix), say(second)];
      for (const told of messages) world.tell(told);
      if (flush && !world.family.openWhileDead) await world.attempt(['sh', '-c', world.family.spoil]);
      await Promise.race([daemon.exited, sleep(700)]);
      await world.kill();
      for (const told of messages) world.tell(told);
      world.startDaemon();
    },
  },
  restart: {
    weight: 3,
    choose: (random) => ({ down: moment(random) }),
    async run(world, _, { down }: { down: number }) {
      await world.daemon!.stop();
      await sleep(down);
      world.startDaemon();
    },
  },
  stopped: {
    weight: 3,
    choose: (random) => ({ time: random.pick([50, 300, 1000]), prefix: random.pick(prefixes) }),
    async run(world, expected, { time, prefix }: { time: number; prefix: string }) {
      world.daemon!.signal('SIGSTOP');
      stir(world, expected, prefix);
      await world.attempt(['sh', '-c', world.family.spoil]);
      await sleep(time);
      world.daemon!.signal('SIGCONT');
    },
  },
  reload: {
    weight: 3,
    choose: (random) => ({ wrong: random.chance(50), prefix: random.pick(prefixes) }),
    async run(world, expected, { wrong, prefix }: { wrong: boolean; prefix: string }) {
      const path = join(world.directory, 'config.yaml');
      if (wrong) writeFileSync(path, world.family.config.slice(0, world.family.config.length / 2));
      world.daemon!.signal('SIGHUP');
      stir(world, expected, prefix);
      await sleep(100);
      writeFileSync(path, world.family.config);
      world.daemon!.signal('SIGHUP');
    },
  },
  'flush everything': {
    weight: 5,
    choose: (random) => ({ times: 1 + random.below(4), pause: moment(random) }),
    async run(world, _, { times, pause }: { times: number; pause: number }) {
      for (let count = 0; count < times; count++) {
        await flushAll(world);
        await sleep(pause);
      }
    },
  },
  'edit tables': {
    weight: 8,
    choose: (random, family) => ({
      edits: Array.from({ length: 1 + random.below(4) }, () => random.pick(family.edits)),
      pause: moment(random),
    }),
    async run(world, _, { edits, pause }: { edits: string[]; pause: number }) {
      for (const edit of edits) {
        await world.attempt(['sh', '-c', edit]);
        await sleep(pause);
      }
    },
  },
  'edit routes': {
    weight: 3,
    choose: (random) => ({ edits: [random.pick(['flush', 'one', 'foreign'])] }),
    async run(world, _, { edits: [edit] }: { edits: [string] }) {
      if (edit === 'flush') await world.attempt(['ip', '-6', 'route', 'flush', 'proto', '66']);
      else if (edit === 'one') await world.attempt(['ip', '-6', 'route', 'del', 'unreachable', inside, 'proto', '66']);
      else
        await world.attempt([
          'ip',
          '-6',
          'route',
          'add',
          'unreachable',
          '2001:db8:77::/48',
          'metric',
          '2147483646',
          'proto',
          '66',
        ]);
    },
  },
  'uplink goes and comes': {
    weight: 5,
    choose: (random) => ({
      how: random.pick(['anew', 'rename', 'down']),
      down: moment(random),
      prefix: random.pick(prefixes),
    }),
    async run(world, expected, { how, down, prefix }: { how: string; down: number; prefix: string }) {
      const back = ['ip', '-6', 'route', 'replace', ...defaultRoute('dsl')];
      if (how === 'anew') await world.unplugUplink();
      else if (how === 'rename')
        await world.router(['sh', '-ec', 'ip link set eth0 down; ip link set eth0 name gone0']);
      else await world.router(['ip', 'link', 'set', 'eth0', 'down']);
      // With a spare one flows move there; a new cable is not silent.
      expected.moved = world.family.spare === true;
      if (how === 'anew') expected.up.dsl = true;
      stir(world, expected, prefix);
      await sleep(down);
      if (how === 'anew') await world.plugUplink();
      else if (how === 'rename') await world.router(['sh', '-ec', 'ip link set gone0 name eth0; ip link set eth0 up']);
      else await world.router(['ip', 'link', 'set', 'eth0', 'up']);
      await waitUntil('the default route', async () => (await world.attempt(back)).code === 0);
    },
  },
  'two daemons': {
    weight: 3,
    choose: (random) => ({ both: random.chance(60), prefix: random.pick(prefixes), pause: random.pick([0, 0, 5, 50]) }),
    async run(world, expected, { both, prefix, pause }: { both: boolean; prefix: string; pause: number }) {
      if (both) await world.kill();
      const first = both ? world.startDaemon() : world.daemon!;
      await sleep(pause);
      const second = world.startDaemon();
      stir(world, expected, prefix);
      const loser = await Promise.race([first.exited.then(() => first), second.exited.then(() => second), sleep(5000)]);
      if (!loser) throw new Error('two daemons run side by side');
      const { code } = await loser.exited;
      if (code !== 75) throw new Error(`the second daemon ended with ${code}, not 75: ${loser.log()}`);
      world.daemon = loser === first ? second : first;
      await sleep(50);
      if (!world.daemon.running()) throw new Error(`neither of two daemons runs: ${world.daemon.log()}`);
    },
  },
  'connection table full': {
    weight: 1,
    choose: (random) => ({ prefix: random.pick(prefixes) }),
    async run(world, expected, { prefix }: { prefix: string }) {
      const limit = Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_max', 'utf8'));
      const word = (value: number): string => (value & 0xffff).toString(16);
      const lines = Array.from(
        { length: limit },
        (_, index) =>
          `-I -p udp -s fd99::${word(index >> 16)}:${word(index)} -d 2001:db8::80 --sport 1 --dport 2 --timeout 600`,
      );
      writeFileSync(join(world.directory, 'entries'), `${lines.join('\n')}\n`);
      const filled = await world.attempt(['conntrack', '-R', join(world.directory, 'entries')], '', 120_000);
      if (filled.code === 0) throw new Error('there was room for all');
      const dead = expected.held.filter((each) => each !== prefix);
      hearReply(expected, [prefix, ...dead], dead);
      world.tell({ named: [prefix, ...dead], dead });
      await sleep(500);
      await world.attempt(['conntrack', '-D', '-f', 'ipv6', '--orig-src', 'fd99::/16'], '', 120_000);
    },
  },
  'monitors end': {
    weight: 4,
    choose: (random, family) => ({
      program: random.pick(family.monitors),
      times: 1 + random.below(3),
      pause: moment(random),
    }),
    async run(world, _, { program, times, pause }: { program: string; times: number; pause: number }) {
      const { spoil, empty } = world.family;
      for (let count = 0; count < times; count++) {
        await killChildren(world, program);
        await sleep(pause);
        await world.attempt(['sh', '-c', count % 2 === 0 ? spoil : empty]);
      }
    },
  },
};

/** Ends the processes that the daemon keeps of this program. */
async function killChildren(world: World, program: string): Promise<void> {
  const pid = world.report()?.daemon.pid;
  const { stdout } = await runCommand(['ps', '-o', 'pid=,args=', '--ppid', String(pid)]);
  for (const [, child, args] of stdout.matchAll(/^ *(\d+) (.*)$/gm)) {
    if (!args!.startsWith(program)) continue;
    try {
      process.kill(Number(child), 'SIGKILL');
    } catch {
      // gone already
    }
  }
}

/** As a reload of somebody's firewall does it: everything goes, theirs comes again in the same transaction. */
async function flushAll(world: World): Promise<void> {
  await world.attempt(['nft', '-f', '-'], `flush ruleset\n${world.foreign}`);
  await world.family.restore?.(world);
}

export function chooseStep(random: Random, family: Family): Step {
  const entries = Object.entries(family.kinds);
  let left = random.below(entries.reduce((sum, [, { weight }]) => sum + weight, 0));
  for (const [name, kind] of entries) {
    left -= kind.weight;
    if (left < 0) return { do: name, ...kind.choose(random, family) };
  }
  throw new Error('unreachable');
}

export async function runStep(world: World, expected: Expected, step: Step): Promise<void> {
  const kind = world.family.kinds[step.do];
  if (!kind) throw new Error(`no step ${step.do}`);
  await kind.run(world, expected, step as never);
}
