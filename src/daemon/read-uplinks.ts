import { deriveUplinkLink, listAllDefaultRoutes, listRoutesOn, parseRoutesOn } from '../backend/route/uplink-routes.ts';
import type { Read } from '../engine/kernel-state.ts';
import type { Link } from '../engine/stateless.ts';
import type { UplinkLink } from '../engine/uplink-link.ts';
import type { Processes } from '../host/host.ts';
import { read } from './read-tool.ts';

/** The uplinks that are looked at as ways out, and the routing tables that are ours. */
export interface WatchedUplinks {
  readonly interfaces: readonly string[];
  readonly tables: readonly number[];
}

export const nothingWatched: WatchedUplinks = { interfaces: [], tables: [] };

/** What is seen of these interfaces and the routes through them. */
export async function readUplinks(
  processes: Processes,
  { interfaces, tables }: WatchedUplinks,
  links: readonly Link[],
): Promise<Read<readonly UplinkLink[]>> {
  if (interfaces.length === 0) return { known: true, value: [] };
  const output = (argv: readonly [string, ...string[]]) =>
    read(processes, argv, (text) => ({ known: true, value: text }) as const);
  const present = interfaces.filter((name) => links.some((link) => link.name === name));
  const [defaults, ...each] = await Promise.all([
    output(listAllDefaultRoutes),
    ...present.map((name) => output(listRoutesOn(name))),
  ]);
  if (!defaults.known) return defaults;
  const found: UplinkLink[] = [];
  for (const name of interfaces) {
    const text = each[present.indexOf(name)];
    if (text && !text.known) return text;
    const routes = text && parseRoutesOn(name, [text.value, defaults.value], tables);
    if (routes && !routes.known) return routes;
    const link = links.find((one) => one.name === name);
    found.push(deriveUplinkLink(name, link, routes?.value));
  }
  return { known: true, value: found };
}
