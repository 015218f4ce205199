import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../lab/wait-until.ts';
import { home, dsl, stateful } from './family-stateful.ts';
import type { Family } from './family.ts';
import { hookReply } from './hook-reply.ts';
import type { Kinds, Step } from './kind.ts';
import type { Random } from './random.ts';
import type { UplinkName, World } from './world.ts';

export const sparePrefixes = [1, 2, 3].map((site) => `2001:db8:a${site}:${site}00::/58`);
const health = 'health: { targets: ["2001:db8:ffff::80"], interval: 1, timeout: 1, down: 3, up: 2 }';

function tellSpare(world: World, named: readonly string[], dead: readonly string[]): void {
  world.leaveEvent(hookReply({ named: [...named, ...dead], dead }, { uplink: 'eth3' }));
}

const pickUplink = (random: Random): UplinkName => random.pick(['dsl', 'dsl', 'lte']);

const kinds: Kinds = {
  ...stateful.kinds,
  'spare renumbers': {
    weight: 6,
    choose: (random) => ({ prefix: random.pick(sparePrefixes), kill: random.chance(30) }),
    async run(world, expected, { prefix, kill }: { prefix: string; kill: boolean }) {
      const dead = expected.spare === undefined || expected.spare === prefix ? [] : [expected.spare];
      expected.ended.push(...dead);
      expected.spare = prefix;
      tellSpare(world, [prefix], dead);
      if (!kill) return;
      await sleep(30);
      await world.kill();
      tellSpare(world, [prefix], dead);
      world.startDaemon();
    },
  },
  'uplink falls silent': {
    weight: 8,
    choose: (random) => ({
      uplink: pickUplink(random),
      both: random.chance(20),
      returns: random.chance(50),
      kill: random.pick([-1, -1, 0, 300, 1500, 2500]),
    }),
    async run(
      world,
      expected,
      { uplink, both, returns, kill }: { uplink: UplinkName; both: boolean; returns: boolean; kill: number },
    ) {
      const names: UplinkName[] = both ? ['dsl', 'lte'] : [uplink];
      expected.moved = true;
      for (const name of names) {
        await world.silence(name, true);
        expected.up[name] = false;
      }
      if (kill >= 0) {
        await sleep(kill);
        await world.kill();
        world.startDaemon();
      }
      if (!returns && !both) return;
      await sleep(4500);
      for (const name of names) {
        await world.silence(name, false);
        expected.up[name] = true;
      }
    },
  },
  'killed before the flows are moved': {
    weight: 3,
    choose: () => ({}),
    async run(world, expected) {
      if (!expected.up.lte || !expected.up.dsl || expected.held.length === 0) return;
      expected.moved = true;
      expected.up.dsl = false;
      await world.setFault('conntrack', 'hang');
      await world.silence('dsl', true);
      const rules = 'nft list set ip6 sixgate given_up | grep -q eth0';
      await waitUntil('the rules', async () => (await world.attempt(['sh', '-c', rules])).code === 0, {
        timeout: 15_000,
      });
      await world.kill();
      await world.setFault('conntrack', undefined);
      world.startDaemon();
    },
  },
  'silent uplinks return': {
    weight: 6,
    choose: () => ({}),
    async run(world, expected) {
      expected.moved = true;
      for (const name of ['dsl', 'lte'] as const) {
        await world.silence(name, false);
        expected.up[name] = true;
      }
    },
  },
  'spare goes and comes': {
    weight: 4,
    choose: (random) => ({ down: random.pick([0, 50, 1500]) }),
    async run(world, expected, { down }: { down: number }) {
      expected.moved = true;
      await world.unplugUplink('lte');
      await sleep(down);
      await world.plugUplink('lte');
      expected.up.lte = true;
    },
  },
  'edit rules': {
    weight: 8,
    choose: (random) => ({ edits: Array.from({ length: 1 + random.below(3) }, () => random.pick(ruleEdits)) }),
    async run(world, _, { edits }: { edits: string[] }) {
      for (const edit of edits) await world.attempt(['sh', '-c', edit]);
    },
  },
};

const ruleEdits = [
  'ip -6 rule flush; ip -6 rule add pref 32766 table main',
  'ip -6 rule show | sed -n "s/^\\([0-9]*\\):.*proto 66.*/\\1/p" | head -1 | xargs -r -n1 ip -6 rule del pref',
  'ip -6 rule show | sed -n "s/^\\([0-9]*\\):.*proto 66.*/\\1/p" | xargs -r -n1 ip -6 rule del pref',
  'ip -6 rule add pref 5 fwmark 0x7/0xff table 99 proto 66',
  'ip -6 route flush proto 66 table all',
  'nft flush chain ip6 sixgate steer',
  'nft delete table ip6 sixgate',
];

const first: readonly Step[] = [{ do: 'spare renumbers', prefix: sparePrefixes[0]!, kill: false }];

/** Two ways out, the first one preferred. */
export const twoUplinks: Family = {
  ...stateful,
  name: 'uplinks',
  config: `${dsl}
    ${health}
  lte:
    interface: eth3
    prefix: { from: dhcpcd, length: 58 }
    ${health}${home} }
  - { network: home, uplink: lte }
`,
  kinds,
  first,
  spare: true,
  tools: ['nft', 'ip', 'conntrack', 'ping'],
  edits: [...stateful.edits, ...ruleEdits],
  // Three rounds without an answer, a second each, until a line is given up, and two until it is believed again.
  patience: 7000,
};
