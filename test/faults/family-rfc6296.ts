import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { hearReply } from './expected.ts';
import { dsl, home, stateful } from './family-stateful.ts';
import type { Family } from './family.ts';
import type { Kinds } from './kind.ts';
import { prefixes } from './steps.ts';

const { 'connection table full': _, ...common } = stateful.kinds;

const kinds: Kinds = {
  ...common,
  'program missing': {
    weight: 4,
    choose: (random) => ({ prefix: random.pick(prefixes), restart: random.chance(70), time: random.pick([300, 900]) }),
    async run(world, expected, { prefix, restart, time }: { prefix: string; restart: boolean; time: number }) {
      const object = join(repositoryRoot, 'dist/rfc6296.o');
      await world.router(['mount', '--bind', '/dev/null', object]);
      if (restart) {
        await world.kill();
        world.startDaemon();
      }
      hearReply(expected, [prefix], []);
      world.tell({ named: [prefix] });
      await sleep(time);
      await world.router(['umount', object]);
      // One that cannot run without it ends, and is started again as by systemd.
      await waitUntil('a daemon that stays', () => {
        if (!world.daemon!.running()) world.startDaemon();
        return world.isReporting() && world.report()!.daemon.guardHeld && world.report()!.mappings.length > 0;
      });
    },
  },
};

/** Programs in tc. */
export const stateless: Family = {
  ...stateful,
  name: 'rfc6296',
  config: `${dsl}${home}, mode: rfc6296 }\n`,
  kinds,
  tools: ['nft', 'ip', 'tc', 'conntrack'],
  monitors: ['nft', 'ip', 'nft -i', 'tc'],
  stateless: true,
  spoil: 'tc qdisc delete dev eth0 clsact',
  empty: 'ip link delete six-eth0',
  edits: [
    ...['ip6 sixgate', 'inet sixgate_guard', 'netdev sixgate_guard'].map((table) => `nft delete table ${table}`),
    'nft flush chain inet sixgate_guard leave',
    'nft flush table netdev sixgate_guard',
    'tc qdisc delete dev eth0 clsact',
    'tc qdisc delete dev six-eth0 clsact',
    'tc filter delete dev eth0 ingress',
    'tc filter delete dev eth0 egress',
    'tc filter delete dev six-eth0 egress',
    'tc filter add dev eth0 ingress protocol ipv6 pref 9 u32 match u32 0 0 action pass',
    'tc qdisc replace dev eth0 root pfifo',
    'ip link delete six-eth0',
    'ip link set six-eth0 down',
    'ip link set six-eth0 down name strange0',
    'ip link set eth0 mtu 1400',
    'ip -6 route flush proto 66',
  ],
};
