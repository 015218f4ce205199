import { parseIpv6, formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { formatObservedRoute } from '../../engine/xen/observed-guests.ts';
import { routeProtocol } from '../route/routes.ts';
import { reasonOf } from '../../core/printable.ts';

/** All addresses, our routes, all proxies: as `ip` arguments that print them as JSON. */
export const listGuestAddresses = ['ip', '-6', '-j', 'address', 'show'] as const;
export const listGuestRoutes = ['ip', '-6', '-j', 'route', 'show', 'proto', String(routeProtocol)] as const;
export const listGuestProxies = ['ip', '-6', '-j', 'neighbour', 'show', 'proxy'] as const;

/** What iproute2 prints of an interface, a route or a neighbour, as far as it is looked at here. */
interface Item {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[];
  readonly type?: string;
  readonly dst?: string;
  readonly dev?: string;
  readonly gateway?: string;
}

export function parseGuestAddresses(text: string): Read<ReadonlySet<string>> {
  return read(text, (link) =>
    // iproute2 prints an empty object for what a filter leaves out.
    (link.addr_info ?? []).map(({ local, prefixlen }) => `${link.ifname} ${address(local)}/${prefixlen}`),
  );
}

export function parseGuestRoutes(text: string): Read<ReadonlySet<string>> {
  return read(text, (route) => {
    if (route.type !== undefined && route.type !== 'unicast') return [];
    const destination = route.dst ?? '';
    const prefix = parsePrefix(destination.includes('/') ? destination : `${destination}/128`);
    if (!prefix.ok) throw new Error(prefix.problem.message);
    const via = route.gateway === undefined ? undefined : address(route.gateway);
    return [formatObservedRoute(route.dev ?? '', formatPrefix(prefix.value), via)];
  });
}

export function parseGuestProxies(text: string): Read<ReadonlySet<string>> {
  return read(text, ({ dst, dev }) => [`${dev} ${address(dst)}`]);
}

function read(text: string, lines: (item: Item) => string[]): Read<ReadonlySet<string>> {
  try {
    const items = text.trim() === '' ? [] : (JSON.parse(text) as Item[]);
    return { known: true, value: new Set(items.flatMap(lines)) };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}

function address(text: string | undefined): string {
  const parsed = parseIpv6(text ?? '');
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return formatIpv6(parsed.value);
}
