import type { Follower, Host } from '../host/host.ts';

/** What a monitor could have missed while it was being started is over by then; the second time is for busy machines. */
const settleTimes = [150, 1000];
const longestPause = 1000;
/** As `ip` says it; it has other complaints too ("Peer netns reference is invalid" at each event of some interfaces). */
const lostLines = /netlink receive error|No buffer space/;

/**
 * Follows a command for as long as it is wanted; started anew, with a pause that grows, when it ends. `onGap` is told where
 * lines can be missing: when it ended, and when it says on standard error that it lost some (`ip`: "netlink receive error").
 * `onStarted` is called a moment after each start, since nothing tells when a monitor has begun to listen.
 */
export function keepFollowing(
  host: Host,
  argv: readonly [string, ...string[]],
  onLine: (line: string) => void,
  onGap: (how: string) => void,
  onStarted: () => void = () => {},
): { stop(): Promise<void> } {
  let stopped = false;
  let pause = 100;
  let follower: Follower;
  let cancel = (): void => {};
  let settling: (() => void)[] = [];
  const start = (): void => {
    const started = host.clock.monotonic();
    settling = settleTimes.map((after) => host.clock.after(after, onStarted));
    follower = host.processes.follow({
      argv,
      onLine,
      onComplaint: (line) => {
        if (!stopped && lostLines.test(line)) onGap(line);
      },
      onEnd(how) {
        for (const end of settling) end();
        if (stopped) return;
        pause = host.clock.monotonic() - started > 10_000 ? 100 : Math.min(pause * 2, longestPause);
        cancel = host.clock.after(pause, start);
        onGap(how);
      },
    });
  };
  start();
  return {
    async stop() {
      stopped = true;
      cancel();
      for (const end of settling) end();
      await follower.stop();
    },
  };
}
