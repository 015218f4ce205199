import { expect, test } from 'vitest';
import type { FollowedCommand, Host } from '../host/host.ts';
import { keepFollowing } from './keep-following.ts';

/** A host whose only process is this one, and whose timers run when they are told. */
function makeHost() {
  const timers: { at: number; callback: () => void; over: boolean }[] = [];
  const started: FollowedCommand[] = [];
  let now = 0;
  const host = {
    clock: {
      monotonic: () => now,
      after(delay: number, callback: () => void) {
        const timer = { at: now + delay, callback, over: false };
        timers.push(timer);
        return () => (timer.over = true);
      },
    },
    processes: {
      follow(command: FollowedCommand) {
        started.push(command);
        return { pid: 1, write() {}, stop: async () => {} };
      },
    },
  } as unknown as Host;
  const pass = (milliseconds: number): void => {
    const end = now + milliseconds;
    for (;;) {
      const due = timers.filter(({ at, over }) => !over && at <= end).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      due.over = true;
      now = due.at;
      due.callback();
    }
    now = end;
  };
  return { host, started, pass };
}

test('what a monitor missed before it listened is asked for: a moment after each start, also the second', () => {
  const { host, started, pass } = makeHost();
  const told: string[] = [];
  keepFollowing(
    host,
    ['nft', 'monitor'],
    () => {},
    (how) => told.push(how),
    () => told.push('started'),
  );
  pass(2000);
  expect(told).toEqual(['started', 'started']);
  started[0]!.onEnd('killed');
  expect(told.slice(2)).toEqual(['killed']);
  pass(5000);
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

test('one that ends again and again is started after at most a second', () => {
  const { host, started, pass } = makeHost();
  keepFollowing(
    host,
    ['nft', 'monitor'],
    () => {},
    () => {},
  );
  for (let count = 0; count < 10; count++) {
    started.at(-1)!.onEnd('gone');
    pass(1000);
    expect(started).toHaveLength(count + 2);
  }
});
