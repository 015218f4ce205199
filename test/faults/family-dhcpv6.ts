import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { delegationLimit } from '../../src/engine/merge-report.ts';
import { bundleProgram } from '../lab/bundle.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { hearReply } from './expected.ts';
import { dsl, home, stateful } from './family-stateful.ts';
import type { Family, Told } from './family.ts';
import type { Kinds } from './kind.ts';
import { patience } from './patience.ts';
import { prefixes } from './steps.ts';
import { serverWays, type ServerWay, type ServerWord } from './tools/server-word.ts';
import type { World } from './world.ts';

/** What the server took back: it says so to whoever still has it. */
const takenBack = new WeakMap<World, Set<string>>();

function say(world: World, { named, dead = [], valid = 3600 }: Told, how: ServerWay = 'honest'): void {
  const back = takenBack.get(world) ?? new Set();
  takenBack.set(world, back);
  for (const prefix of named) if (dead.includes(prefix)) back.add(prefix);
  for (const prefix of named) if (!dead.includes(prefix)) back.delete(prefix);
  const word: ServerWord = { named: [...new Set([...named, ...back])], dead: [...back], valid, how };
  const file = join(world.directory, 'server.json');
  writeFileSync(`${file}.new`, JSON.stringify(word));
  renameSync(`${file}.new`, file);
  // It asks anew.
  if (world.isReporting()) world.daemon!.signal('SIGHUP');
}

/**
 * Those of a thousand that are kept, in more than one message: of one no more are read than are kept. The report may be one of before they
 * came.
 */
async function takeBackThousand(world: World, prefix: string): Promise<void> {
  const kept = Array.from({ length: delegationLimit }, (_, index) => `2001:db8:${index.toString(16)}:ff00::/64`);
  const areGone = (some: readonly string[]): boolean => {
    const held = world.report()?.uplinks.flatMap(({ delegations }) => delegations.map(({ prefix }) => prefix));
    return held !== undefined && !some.some((each) => held.includes(each));
  };
  for (let round = 0; round < 5; round++) {
    for (const dead of [kept.slice(0, delegationLimit / 2), kept.slice(delegationLimit / 2)]) {
      say(world, { named: [prefix, ...dead], dead });
      // What was said when nobody listened is said again in the next round.
      await waitUntil('their end', () => areGone(dead), { timeout: patience() + 4000 }).catch(() => {});
      for (const each of dead) takenBack.get(world)?.delete(each);
    }
    await sleep(1000);
    if (areGone(kept)) return;
  }
}

const {
  'torn event': _torn,
  'hostile event': _hostile,
  'events of the past': _past,
  'events vanish': _vanish,
  release: _release,
  'connection table full': _full,
  ...common
} = stateful.kinds;

const kinds: Kinds = {
  ...common,
  'hostile server': {
    weight: 30,
    choose: (random) => ({
      ways: Array.from({ length: 1 + random.below(3) }, () => random.pick(serverWays)),
      prefix: random.pick(prefixes),
      pause: random.pick([20, 200, 1000]),
      restart: random.chance(20),
    }),
    async run(
      world,
      expected,
      { ways, prefix, pause, restart }: { ways: ServerWay[]; prefix: string; pause: number; restart: boolean },
    ) {
      const before = expected.held;
      for (const how of ways) {
        say(world, { named: [prefix], dead: [] }, how);
        await sleep(pause);
      }
      if (restart) {
        await world.kill();
        world.startDaemon();
        await world.waitForGuard();
      }
      // Whatever came of it, the last word is an honest one.
      const dead = before.filter((each) => each !== prefix);
      hearReply(expected, [prefix, ...dead], dead);
      expected.ended = [...prefixes];
      expected.held = [prefix];
      if (ways.includes('thousand')) await takeBackThousand(world, prefix);
      world.tell({ named: [prefix, ...dead], dead });
    },
  },
};

/** Its own client, and a server that is not always honest. */
export const ownClient: Family = {
  ...stateful,
  name: 'dhcpv6',
  config: `${dsl.replace('from: dhcpcd, length: 58', 'from: dhcpv6, length: 58, firstOffer: true')}${home} }\n`,
  kinds,
  // Messages that are lost are sent again after a second, then two.
  patience: 4000,
  tell: (world, told) => say(world, told),
  async prepare(world) {
    const program = bundleProgram(world.directory, 'dhcpv6-server', 'test/faults/tools/dhcpv6-server.ts');
    say(world, { named: [] }, 'silent');
    world.start(world.internet([process.execPath, program, join(world.directory, 'server.json'), 'wan0']), 'server');
  },
  // Asked once more, since what the server said when nobody listened is lost.
  async after(world, expected) {
    const { daemon } = world;
    if (!daemon?.running()) return;
    await world.waitForGuard();
    if (world.report()?.mappings.find(({ direction }) => direction === 'both')?.outside !== expected.held.at(-1))
      daemon.signal('SIGHUP');
  },
};
