import type { Config, Network, Routing, Translation, Uplink } from './config.ts';

/** Free on Debian as far as is known: Tailscale marks with 0x00ff0000, mwan3 with 0x3f00, Cilium with 0x0f00. */
export const defaultRouting: Routing = { table: 6600, priority: 30_000, mask: 0x0f00_0000 };

/** An uplink that takes part in the routing by source, with its figures. */
export interface RoutedUplink {
  readonly uplink: Uplink;
  readonly table: number;
  /** Within the mask. */
  readonly mark: number;
}

/** The uplinks that carry a network, in the order of the configuration; none where there is no routing by source. */
export function routedUplinks({ uplinks, translations, routing }: Config): readonly RoutedUplink[] {
  if (!routing) return [];
  const lowest = (routing.mask & -routing.mask) >>> 0;
  return uplinks
    .filter(({ name }) => translations.some(({ uplink }) => uplink.name === name))
    .map((uplink, index) => ({
      uplink,
      table: routing.table + index + 1,
      mark: (index + 1) * lowest,
    }));
}

/** The uplinks that a network has a choice of, best first. */
export function uplinksOf(network: Network, translations: readonly Translation[]): readonly Uplink[] {
  const uplinks = translations.filter((each) => each.network.name === network.name).map(({ uplink }) => uplink);
  const { prefer = [] } = network;
  const rank = ({ name }: Uplink): number => (prefer.includes(name) ? prefer.indexOf(name) : prefer.length);
  return uplinks.toSorted((one, other) => rank(one) - rank(other));
}

/** The uplinks that are looked at: those that networks choose between, and those with a check. */
export function watchedUplinks(config: Config): readonly Uplink[] {
  const routed = routedUplinks(config).map(({ uplink }) => uplink);
  return config.uplinks.filter((uplink) => routed.includes(uplink) || uplink.health !== undefined);
}
