import { reasonOf } from '../../core/printable.ts';
import { ipv6FromWords } from '../../core/ipv6.ts';
import { covers, parsePrefix, prefixOf } from '../../core/prefix.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Link } from '../../engine/stateless.ts';
import type { LinkCondition, UplinkLink, UplinkRoute } from '../../engine/uplink-link.ts';
import { describeRoute, isUnicast, readDestination, type PrintedRoute } from './route-text.ts';
import { routeProtocol } from './routes.ts';

/** As `ip` arguments: the routes of any table through one interface, which `ip` does not name then; it leaves out those with several next hops. */
export function listRoutesOn(device: string): [string, ...string[]] {
  return ['ip', '-N', '-6', '-j', 'route', 'show', 'table', 'all', 'dev', device];
}

/** Default routes of all tables, also those with several next hops. */
export const listAllDefaultRoutes = ['ip', '-N', '-6', '-j', 'route', 'show', 'table', 'all', 'default'] as const;

/** The routes of somebody else through an interface, and in how many seconds the first of them runs out. */
export interface RoutesOn {
  readonly routes: readonly UplinkRoute[];
  readonly lasts: number;
}

const localTable = '255';
const linkLocal = prefixOf(ipv6FromWords([0xfe80, 0, 0, 0, 0, 0, 0, 0]), 10);
const multicast = prefixOf(ipv6FromWords([0xff00, 0, 0, 0, 0, 0, 0, 0]), 8);
const globalUnicast = prefixOf(ipv6FromWords([0x2000, 0, 0, 0, 0, 0, 0, 0]), 3);

/**
 * Reads outputs of `listRoutesOn` and `listAllDefaultRoutes`. A route stands once; where several have one destination each gets a
 * metric of its own, so that they are kept apart in one table, as the kernel keeps those that it learned itself. What others put into
 * the tables that are ours is left there and counts for nothing.
 */
export function parseRoutesOn(
  device: string,
  texts: readonly string[],
  ownTables: readonly number[] = [],
): Read<RoutesOn> {
  try {
    const printed = texts.flatMap((text) => JSON.parse(text.trim() === '' ? '[]' : text) as PrintedRoute[]);
    const usable = printed.flatMap((route) => through(device, route)).filter((route) => isWanted(route, ownTables));
    const ordered = usable.toSorted((one, other) => (one.metric ?? 0) - (other.metric ?? 0) || rank(one) - rank(other));
    const next = new Map<string, number>();
    const routes = new Map<string, UplinkRoute>();
    for (const route of ordered) {
      const text = describeRoute(route);
      if (routes.has(text)) continue;
      const destination = readDestination(route);
      const metric = Math.max(route.metric ?? 1024, next.get(destination) ?? 0);
      next.set(destination, metric + 1);
      routes.set(text, { text: `${text} metric ${metric}`, toInternet: isToInternet(destination) });
    }
    const ends = usable.flatMap(({ expires }) => (expires === undefined ? [] : [expires]));
    return { known: true, value: { routes: [...routes.values()], lasts: Math.min(...ends, Infinity) } };
  } catch (error) {
    return { known: false, why: `the output of ip was not understood: ${reasonOf(error)}` };
  }
}

/** The part of a route that goes through the device. */
function through(device: string, { nexthops, ...route }: PrintedRoute): PrintedRoute[] {
  if (!nexthops) return (route.dev ?? device) === device ? [{ ...route, dev: device }] : [];
  return nexthops.filter(({ dev }) => dev === device).map((hop) => ({ ...route, ...hop }));
}

function isWanted(route: PrintedRoute, ownTables: readonly number[]): boolean {
  const { table, protocol, expires, flags } = route;
  if (!isUnicast(route) || table === localTable || protocol === String(routeProtocol)) return false;
  if (ownTables.some((own) => String(own) === table)) return false;
  if ((expires !== undefined && expires <= 0) || flags?.includes('dead')) return false;
  const prefix = parsePrefix(readDestination(route));
  return !prefix.ok || !(covers(linkLocal, prefix.value) || covers(multicast, prefix.value));
}

function rank({ pref }: PrintedRoute): number {
  return ['high', undefined, 'medium', 'low'].indexOf(pref);
}

/** Some tunnels have a route to 2000::/3 instead of a default one. */
function isToInternet(destination: string): boolean {
  if (destination === 'default') return true;
  const prefix = parsePrefix(destination);
  return prefix.ok && covers(prefix.value, globalUnicast);
}

/** What is seen of an uplink's interface; undefined routes: there is no such interface. */
export function deriveUplinkLink(
  name: string,
  link: Link | undefined,
  { routes, lasts }: RoutesOn = { routes: [], lasts: Infinity },
): UplinkLink {
  const global = (addresses: Link['addresses']) => addresses.filter((address) => !isLocal(address));
  return {
    interface: name,
    condition: judgeLink(link, routes),
    addresses: global(link?.addresses ?? []),
    sources: global(link?.sources ?? []),
    routes,
    lasts,
  };
}

function judgeLink(link: Link | undefined, routes: readonly UplinkRoute[]): LinkCondition {
  if (!link) return 'missing';
  if (!link.up) return 'off';
  if (!link.carrier) return 'no-carrier';
  return routes.some(({ toInternet }) => toInternet) ? 'ready' : 'no-route';
}

function isLocal(address: Link['addresses'][number]): boolean {
  return covers(linkLocal, prefixOf(address, 128)) || address === 1n;
}
