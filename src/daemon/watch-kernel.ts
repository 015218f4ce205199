import { routeProtocol } from '../backend/route/routes.ts';
import type { Follower, Host } from '../host/host.ts';

/** Watches for changes of what is ours in the kernel. Its lines mean only "look again". */
export function watchKernel(host: Host, onChange: (what: string) => void): { stop(): Promise<void> } {
  const ours = / sixgate(_guard)?( |$)/;
  const route = new RegExp(` proto ${routeProtocol} `);
  const watchers = [
    watch(host, ['nft', 'monitor'], (line) => ours.test(line), onChange),
    watch(host, ['ip', '-6', '-o', 'monitor', 'route'], (line) => route.test(`${line} `), onChange),
  ];
  return {
    async stop() {
      await Promise.all(watchers.map((watcher) => watcher.stop()));
    },
  };
}

/** Follows a command for as long as it is wanted; started anew, with a pause that grows, when it ends. */
function watch(
  host: Host,
  argv: [string, ...string[]],
  matters: (line: string) => boolean,
  onChange: (what: string) => void,
) {
  let stopped = false;
  let pause = 100;
  let follower: Follower;
  let cancel = (): void => {};
  const start = (): void => {
    const started = host.clock.monotonic();
    follower = host.processes.follow({
      argv,
      onLine(line) {
        if (matters(line)) onChange(line.trim());
      },
      onEnd(how) {
        if (stopped) return;
        pause = host.clock.monotonic() - started > 10_000 ? 100 : Math.min(pause * 2, 30_000);
        cancel = host.clock.after(pause, start);
        onChange(how); // what happened meanwhile was not seen
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
