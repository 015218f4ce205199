import { deriveDetour } from '../backend/bpf/detours.ts';
import { routeProtocol } from '../backend/route/routes.ts';
import type { Config } from '../engine/config.ts';
import { statelessInterfaces } from '../backend/nft/guard-table.ts';
import { repeat } from '../host/repeat.ts';
import type { Clock, Host } from '../host/host.ts';
import { keepFollowing } from './keep-following.ts';

/** In milliseconds. */
const lookEvery = 3000;

/**
 * Scripts flush chains and then delete them, which fails where somebody has filled them meanwhile; the held guard stands as long.
 */
const quiet = 300;
const longestNoise = 3000;

/**
 * Watches for changes of what is ours in the kernel. Its lines mean only "look again", and so do gaps in them. Interfaces, their
 * filters and addresses are watched for uplinks that translate without state. Nothing tells of changes of iptables-legacy, so
 * with backend ip6tables there is a look every few seconds as well.
 */
export function watchKernel(host: Host, config: Config, onChange: () => void): { stop(): Promise<void> } {
  const stateless = statelessInterfaces(config);
  const chains = config.backend === 'ip6tables';
  const changed = chains ? afterQuiet(host.clock, onChange) : onChange;
  // Of iptables-nft any change of these tables, since calls of our chains may be in it.
  // nft 1.0.6 goes on after it lost events (ENOBUFS) and says so in a line of its own.
  const table = chains ? / ip6 (mangle|nat|filter)( |$)|^# ERROR/ : / sixgate(_guard)?( |$)|^# ERROR/;
  const route = new RegExp(` proto ${routeProtocol}( |$)`);
  const watch = (argv: [string, ...string[]], ours: RegExp) =>
    keepFollowing(host, argv, (line) => ours.test(line) && changed(), changed, changed);
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
  const stopLooking = chains ? watchChains(host, changed) : () => {};
  return {
    async stop() {
      stopLooking();
      await Promise.all(watchers.map((watcher) => watcher.stop()));
    },
  };
}

function watchChains({ clock, processes }: Host, onChange: () => void): () => void {
  let before: string | undefined;
  return repeat(clock, lookEvery, async () => {
    const saved = await processes.run({ argv: ['ip6tables-save'] });
    // Without dates and counters.
    const rules = saved.ok ? saved.value.stdout.replaceAll(/^#.*|\[\d+:\d+\]/gm, '') : undefined;
    if (rules !== before) onChange();
    before = rules;
  });
}

/** Calls once nothing has changed for a moment, or changes have gone on for long. */
function afterQuiet(clock: Clock, onChange: () => void): () => void {
  let since: number | undefined;
  let cancel = (): void => {};
  return () => {
    const now = clock.monotonic();
    since ??= now;
    cancel();
    cancel = clock.after(Math.max(0, Math.min(quiet, since + longestNoise - now)), () => {
      since = undefined;
      onChange();
    });
  };
}
