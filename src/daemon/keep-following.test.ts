import { expect, test } from 'vitest';
import type { FollowedCommand, Host } from '../host/host.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { keepFollowing } from './keep-following.ts';

/** A host whose only process is this one, and whose timers run when they are told. */
function makeHost() {
  const clock = new ManualClock();
  const started: FollowedCommand[] = [];
  const host = {
    clock,
    processes: {
      follow(command: FollowedCommand) {
        started.push(command);
        return { pid: 1, write() {}, stop: async () => {} };
      },
    },
  } as unknown as Host;
  return { host, started, pass: (milliseconds: number) => clock.advance(milliseconds) };
}

test('what a monitor missed before it listened is asked for: a moment after each start, also the second', async () => {
  const { host, started, pass } = makeHost();
  const told: string[] = [];
  keepFollowing(
    host,
    ['nft', 'monitor'],
    () => {},
    (how) => told.push(how),
    () => told.push('started'),
  );
  await pass(2000);
  expect(told).toEqual(['started', 'started']);
  started[0]!.onEnd('killed');
  expect(told.slice(2)).toEqual(['killed']);
  await pass(5000);
  expect([told.slice(3), started.length]).toEqual([['started', 'started'], 2]);
});

test('a monitor that goes on after it lost lines says so on standard error', () => {
  const { host, started } = makeHost();
  const told: string[] = [];
  keepFollowing(
    host,
    ['ip', 'monitor'],
    () => {},
    (how) => told.push(how),
  );
  started[0]!.onComplaint!('netlink receive error No buffer space available (105)');
  started[0]!.onComplaint!('Error: Peer netns reference is invalid.');
  expect(told).toEqual(['netlink receive error No buffer space available (105)']);
});

test('one that ends again and again is started after at most a second', async () => {
  const { host, started, pass } = makeHost();
  keepFollowing(
    host,
    ['nft', 'monitor'],
    () => {},
    () => {},
  );
  for (let count = 0; count < 10; count++) {
    started.at(-1)!.onEnd('gone');
    await pass(1000);
    expect(started).toHaveLength(count + 2);
  }
});
