import { deriveDetour } from '../backend/bpf/detours.ts';
import { routeProtocol } from '../backend/route/routes.ts';
import type { Config } from '../engine/config.ts';
import { statelessInterfaces } from '../backend/nft/guard-rules.ts';
import { repeat } from '../host/repeat.ts';
import type { Clock, Host } from '../host/host.ts';
import { offloadInterfaces } from '../engine/offload.ts';
import { watchedUplinks } from '../engine/routing.ts';
import { keepFollowing } from './keep-following.ts';
import { elsewhere } from './kernel-view.ts';

/** In milliseconds. */
const lookEvery = 3000;

/**
 * Scripts flush chains and then delete them, which fails where somebody has filled them meanwhile; the held guard stands as long.
 */
const quiet = 300;
const longestNoise = 3000;

/**
 * Watches for changes of what is ours in the kernel. Its lines mean only "look again", and so do gaps in them. Interfaces, their
 * filters and addresses are watched for uplinks that translate without state; rules of routing, routes, links and addresses for those
 * that are looked at as ways to the Internet; interfaces also where flows are offloaded. Nothing tells of changes of iptables-legacy, so
 * with backend ip6tables there is a look every few seconds as well. Where only an element changed, it is told of which set, and of what
 * is no nftables that it is `elsewhere`.
 */
export function watchKernel(host: Host, config: Config, onChange: (where?: string) => void): { stop(): Promise<void> } {
  const stateless = statelessInterfaces(config);
  const chains = config.backend === 'ip6tables';
  const changed = chains ? afterQuiet(host.clock, onChange) : () => onChange();
  const changedElsewhere = chains ? changed : () => onChange(elsewhere);
  // Of iptables-nft any change of these tables, since calls of our chains may be in it.
  // nft 1.0.6 goes on after it lost events (ENOBUFS) and says so in a line of its own.
  const table = chains ? / ip6 (mangle|nat|filter)( |$)|^# ERROR/ : / sixgate(_guard)?( |$)|^# ERROR/;
  const uplinks = watchedUplinks(config).map((uplink) => uplink.interface);
  const ours = ` proto ${routeProtocol}( |$)`;
  const through = uplinks.length > 0 ? `| dev (${choice(uplinks)})( |$)` : '';
  const watch = (argv: [string, ...string[]], isOurs: (line: string) => boolean, tell = changedElsewhere) =>
    keepFollowing(host, argv, (line) => isOurs(line) && tell(), tell, tell);
  const changedBy = chains ? changed : (line: string) => onChange(elementOf.exec(line)?.[1]);
  const matches = (pattern: RegExp) => (line: string) => pattern.test(line);
  const watchers = [
    keepFollowing(host, ['nft', 'monitor'], (line) => table.test(line) && changedBy(line), changed, changed),
    watch(['ip', '-6', '-o', 'monitor', 'route'], matches(new RegExp(`${ours}${through}`))),
  ];
  if (uplinks.length > 0) {
    const link = new RegExp(`^(Deleted )?\\d+: (${choice(uplinks)})[:@ ]`);
    watchers.push(
      watch(['ip', '-6', '-o', 'monitor', 'rule'], matches(new RegExp(ours))),
      watch(['ip', '-o', 'monitor', 'link'], matches(link)),
      watch(['ip', '-6', '-o', 'monitor', 'address'], createAddressFilter(link)),
    );
  }
  const offloaded = offloadInterfaces(config);
  if (offloaded.length > 0) {
    // The kernel takes one that goes out of the flowtable and tells nobody.
    const link = new RegExp(`^(Deleted )?\\d+: (${choice(offloaded)})[:@ ]`);
    watchers.push(watch(['ip', '-o', 'monitor', 'link'], matches(link), changed));
  }
  if (stateless.length > 0) {
    const devices = stateless.flatMap((uplink) => [uplink, deriveDetour(uplink).name]);
    const names = choice(devices);
    const link = new RegExp(`^(Deleted )?\\d+: (${names})[:@]`);
    // An address of any interface can be one within an outside prefix.
    const address = / inet6 .* scope global/;
    const filter = new RegExp(`(qdisc|filter) .*dev (${names})( |$)`);
    watchers.push(
      watch(['ip', '-o', 'monitor', 'link'], matches(link)),
      watch(['ip', '-6', '-o', 'monitor', 'address'], matches(address)),
      watch(['tc', 'monitor'], matches(filter)),
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

/** In which set of ours an element was added or deleted. */
const elementOf = /^(?:add|delete) element (\S+ sixgate(?:_guard)? \S+) \{/;

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

function choice(names: readonly string[]): string {
  return names.map((name) => name.replaceAll(/[^\w]/g, String.raw`\$&`)).join('|');
}

/** Every router advertisement makes the kernel tell of addresses that only live longer now; those are no news. */
function createAddressFilter(link: RegExp): (line: string) => boolean {
  const known = new Set<string>();
  return (line) => {
    if (!link.test(line)) return false;
    const [address = ''] = line.split('\\');
    if (line.startsWith('Deleted ')) {
      known.clear();
      return true;
    }
    if (known.has(address)) return false;
    known.add(address);
    return true;
  };
}
