import { expect, test } from 'vitest';
import { waitUntil } from '../lab/wait-until.ts';
import { config, runSequence } from './sequence.ts';
import type { Step } from './steps.ts';
import { World } from './world.ts';

// Each of these once broke something; found by faults.test.ts and made short.

const [one, two, three] = ['2001:db8:11:100::/58', '2001:db8:22:200::/58', '2001:db8:33:300::/58'] as const;
const renumber = (prefix: string): Step => ({ do: 'renumber', prefix, valid: 3600 });
const replace = (prefix: string): Step => ({ do: 'replace', prefix });
const clock = (hours: number, prefix = '', restart = false): Step => ({ do: 'clock', hours, prefix, restart });

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
  const { broken, log } = await runSequence(steps);
  expect(broken, log).toBeUndefined();
});

test(
  'the connection table is full: nothing leaks, the next prefix comes into force, and afterwards all is in order',
  { timeout: 120_000 },
  async () => {
    const { broken, log } = await runSequence([
      renumber(one),
      { do: 'connection table full', prefix: two },
      replace(three),
    ]);
    expect(broken, log).toBeUndefined();
  },
);

test('no room where it runs: it ends, and the guard stands', { timeout: 60_000 }, async () => {
  const world = await World.start(config);
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
