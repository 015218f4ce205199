import { expect, test } from 'vitest';
import { waitUntil } from '../lab/wait-until.ts';
import { chains } from './family-ip6tables.ts';
import { ownClient } from './family-dhcpv6.ts';
import { twin } from './family-failover.ts';
import { stateless } from './family-rfc6296.ts';
import { stateful } from './family-stateful.ts';
import { sparePrefixes, twoUplinks } from './family-uplinks.ts';
import type { Family } from './family.ts';
import { runSequence } from './sequence.ts';
import type { Step } from './kind.ts';
import { World } from './world.ts';

// Each of these once broke something; found by faults.test.ts and made short.

const [one, two, three] = ['2001:db8:11:100::/58', '2001:db8:22:200::/58', '2001:db8:33:300::/58'] as const;
const renumber = (prefix: string): Step => ({ do: 'renumber', prefix, valid: 3600 });
const replace = (prefix: string): Step => ({ do: 'replace', prefix });
const clock = (hours: number, prefix = '', restart = false): Step => ({ do: 'clock', hours, prefix, restart });

/** Whatever nft does, and all rules are thrown away meanwhile. */
const faultyNft = (mode: string): Step => ({
  do: 'faulty tool',
  tool: 'nft',
  mode,
  before: true,
  also: 'flush',
  prefix: two,
  second: two,
  time: 600,
});

test.each<[string, readonly Step[]]>([
  ['the clock is set forward by a year: the prefix is still ours', [renumber(one), clock(8760)]],
  ['the clock is set back: the prefix that comes then is the newer one', [renumber(one), clock(-24, two)]],
  ['the clock is set while the daemon is away', [renumber(one), clock(24, '', true), clock(-48, two, true)]],
  [
    'the disk was full and is not: what is known is stored again, without any news',
    [renumber(one), { do: 'disk full', where: 'state', prefix: two, restart: false }, { do: 'restart', down: 0 }],
  ],
  [
    'conntrack hangs once the new mapping is in force: the flows are moved later',
    [
      renumber(one),
      {
        do: 'faulty tool',
        tool: 'conntrack',
        mode: 'hang',
        before: true,
        also: 'nothing',
        prefix: two,
        second: two,
        time: 200,
      },
    ],
  ],
  [
    'a prefix dies while an older one is valid: flows on the older one stay',
    [renumber(one), renumber(two), { do: 'withdraw latest' }],
  ],
  [
    'read again while an event is under way: nothing of it is lost',
    [renumber(one), ...[two, three, one, two].map((prefix) => ({ do: 'reload', wrong: false, prefix }))],
  ],
  [
    'two at once where one was killed: one runs',
    [renumber(one), ...[0, 0, 5].map((pause) => ({ do: 'two daemons', both: true, prefix: two, pause }))],
  ],
  [
    'nft failed for a while: no pause is longer than a second',
    [
      renumber(one),
      {
        do: 'faulty tool',
        tool: 'nft',
        mode: 'fail',
        before: true,
        also: 'table',
        prefix: two,
        second: two,
        time: 3500,
      },
    ],
  ],
  [
    'the held guard ends again and again: it is held again within a second',
    [renumber(one), { do: 'monitors end', program: 'nft -i', times: 3, pause: 250 }],
  ],
  [
    'what the monitor ends with is not what it missed',
    [replace(one), { do: 'monitors end', program: 'nft monitor', times: 3, pause: 10 }],
  ],
])('%s', { timeout: 60_000 }, async (_, steps) => {
  const { broken, log } = await runSequence(stateful, steps);
  expect(broken, log).toBeUndefined();
});

test.each<[string, Family, readonly Step[]]>([
  [
    'killed between giving an uplink up and moving its flows: they are moved after the start',
    twoUplinks,
    [
      renumber(one),
      { do: 'spare renumbers', prefix: sparePrefixes[0], kill: false },
      { do: 'killed before the flows are moved' },
    ],
  ],
  [
    'the clock is set, and the configuration read again within the same moment: the prefix is still ours',
    ownClient,
    [renumber(one), clock(8760, two)],
  ],
  [
    'nft fails while the configuration is read again: the guard that was held goes on',
    ownClient,
    [renumber(one), faultyNft('rubbish'), faultyNft('fail')],
  ],
  [
    'nft cannot say which tables there are: the guard that is held beside ip6tables goes on',
    chains,
    [renumber(one), faultyNft('kill'), faultyNft('rubbish')],
  ],
  [
    'told while the role goes to and fro, and once more when it is the active one: the second time it is news',
    twin,
    [
      renumber(one),
      ...[two, three, two, one, two, three, two, one, two, three, one, two].map((prefix) => ({
        do: 'role',
        words: ['active', 'passive'],
        pause: 5,
        during: 'event',
        prefix,
      })),
    ],
  ],
  [
    'the detour of mode rfc6296 was renamed: its index is taken back from it',
    stateless,
    [renumber(one), { do: 'edit tables', edits: ['ip link set six-eth0 down name strange0'], pause: 0 }],
  ],
])('%s', { timeout: 60_000 }, async (_, family, steps) => {
  const { broken, log } = await runSequence(family, steps);
  expect(broken, log).toBeUndefined();
});

test(
  'the connection table is full: nothing leaks, the next prefix comes into force, and afterwards all is in order',
  { timeout: 120_000 },
  async () => {
    const { broken, log } = await runSequence(stateful, [
      renumber(one),
      { do: 'connection table full', prefix: two },
      replace(three),
    ]);
    expect(broken, log).toBeUndefined();
  },
);

test('no room where it runs: it ends, and the guard stands', { timeout: 60_000 }, async () => {
  const world = await World.start(stateful);
  try {
    await world.router(['mount', '-o', 'remount,ro', `${world.directory}/run`]);
    const daemon = world.startDaemon();
    await waitUntil('its end', () => !daemon.running());
    expect(await daemon.exited).toMatchObject({ code: 1 });
    expect(daemon.log()).toContain('could not be made');
    expect(await world.router(['nft', 'list', 'tables'])).toContain('table inet sixgate_guard\n');
  } finally {
    await world.stop();
  }
});
