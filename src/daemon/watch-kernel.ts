import { deriveDetour } from '../backend/bpf/detours.ts';
import { routeProtocol } from '../backend/route/routes.ts';
import type { Host } from '../host/host.ts';
import { keepFollowing } from './keep-following.ts';

/**
 * Watches for changes of what is ours in the kernel. Its lines mean only "look again", and so does a gap in them. Interfaces, their
 * filters and addresses are watched for `stateless`, the interfaces of uplinks that translate without state.
 */
export function watchKernel(host: Host, stateless: readonly string[], onChange: () => void): { stop(): Promise<void> } {
  const table = / sixgate(_guard)?( |$)/;
  const route = new RegExp(` proto ${routeProtocol}( |$)`);
  const watch = (argv: [string, ...string[]], ours: RegExp) =>
    keepFollowing(host, argv, (line) => ours.test(line) && onChange(), onChange);
  const watchers = [watch(['nft', 'monitor'], table), watch(['ip', '-6', '-o', 'monitor', 'route'], route)];
  if (stateless.length > 0) {
    const devices = stateless.flatMap((uplink) => [uplink, deriveDetour(uplink).name]);
    const names = devices.map((name) => name.replaceAll(/[^\w]/g, String.raw`\$&`)).join('|');
    const link = new RegExp(`^(Deleted )?\\d+: (${names})[:@]`);
    // An address of any interface can be one within an outside prefix.
    const address = / inet6 .* scope global/;
    const filter = new RegExp(`(qdisc|filter) .*dev (${names})( |$)`);
    watchers.push(
      watch(['ip', '-o', 'monitor', 'link'], link),
      watch(['ip', '-6', '-o', 'monitor', 'address'], address),
      watch(['tc', 'monitor'], filter),
    );
  }
  return {
    async stop() {
      await Promise.all(watchers.map((watcher) => watcher.stop()));
    },
  };
}
