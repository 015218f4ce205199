import { routeProtocol } from '../backend/route/routes.ts';
import type { Host } from '../host/host.ts';
import { keepFollowing } from './keep-following.ts';

/** Watches for changes of what is ours in the kernel. Its lines mean only "look again", and so does a gap in them. */
export function watchKernel(host: Host, onChange: () => void): { stop(): Promise<void> } {
  const table = / sixgate(_guard)?( |$)/;
  const route = new RegExp(` proto ${routeProtocol}( |$)`);
  const watch = (argv: [string, ...string[]], ours: RegExp) =>
    keepFollowing(host, argv, (line) => ours.test(line) && onChange(), onChange);
  const watchers = [watch(['nft', 'monitor'], table), watch(['ip', '-6', '-o', 'monitor', 'route'], route)];
  return {
    async stop() {
      await Promise.all(watchers.map((watcher) => watcher.stop()));
    },
  };
}
