import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../lab/wait-until.ts';
import { dsl, home, stateful } from './family-stateful.ts';
import type { Family } from './family.ts';
import type { Kinds } from './kind.ts';
import { prefixes } from './steps.ts';
import type { World } from './world.ts';

type Word = 'active' | 'passive' | 'fault';

/** As the script does it that keepalived calls. */
function sayRole(world: World, is: Word): void {
  const [uptime] = readFileSync('/proc/uptime', 'utf8').split(' ');
  writeFileSync(world.path('run/.failover'), `${is} ${uptime}\n`);
  renameSync(world.path('run/.failover'), world.path('run/failover'));
}

const kinds: Kinds = {
  ...stateful.kinds,
  role: {
    weight: 30,
    choose: (random) => ({
      words: Array.from({ length: 1 + random.below(4) }, () => random.pick<Word>(['passive', 'fault', 'active'])),
      pause: random.pick([0, 5, 50, 400]),
      during: random.pick(['nothing', 'kill', 'flush', 'event', 'torn', 'wait']),
      prefix: random.pick(prefixes),
    }),
    async run(
      world,
      expected,
      { words, pause, during, prefix }: { words: Word[]; pause: number; during: string; prefix: string },
    ) {
      for (const word of words) {
        sayRole(world, word);
        await sleep(pause);
      }
      const alive = expected.held.filter((each) => each !== prefix);
      if (during === 'kill') {
        await world.kill();
        world.startDaemon();
      }
      if (during === 'flush') await world.attempt(['sh', '-c', world.family.spoil]);
      if (during === 'event') world.tell({ named: [prefix, ...alive], dead: alive });
      // What cannot be read says nothing.
      if (during === 'torn') writeFileSync(world.path('run/failover'), 'act');
      if (during === 'wait') {
        sayRole(world, 'passive');
        await waitUntil('one that stands by', () => world.report()?.mappings.length === 0);
        if (!world.report()!.daemon.guardHeld) throw new Error('one that stands by holds no guard');
      }
      // The other one has held the prefix meanwhile: what counts is what the client hears first.
      sayRole(world, 'active');
      await waitUntil('the role', () => world.isReporting() && world.report()?.failover?.state === 'active');
      expected.ended = [...alive, prefix];
      expected.held = [prefix];
      world.tell({ named: [prefix, ...alive], dead: alive });
    },
  },
};

/** One of two routers; the other one is not there. */
export const twin: Family = {
  ...stateful,
  name: 'failover',
  config: `failover: { by: keepalived }${dsl}${home} }\n`,
  kinds,
  async prepare(world) {
    sayRole(world, 'active');
  },
};
