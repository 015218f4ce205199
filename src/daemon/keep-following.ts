import type { Follower, Host } from '../host/host.ts';

/** Follows a command for as long as it is wanted; started anew, with a pause that grows, when it ends. */
export function keepFollowing(
  host: Host,
  argv: readonly [string, ...string[]],
  onLine: (line: string) => void,
  onGap: (how: string) => void,
): { stop(): Promise<void> } {
  let stopped = false;
  let pause = 100;
  let follower: Follower;
  let cancel = (): void => {};
  const start = (): void => {
    const started = host.clock.monotonic();
    follower = host.processes.follow({
      argv,
      onLine,
      onEnd(how) {
        if (stopped) return;
        pause = host.clock.monotonic() - started > 10_000 ? 100 : Math.min(pause * 2, 30_000);
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
      await follower.stop();
    },
  };
}
