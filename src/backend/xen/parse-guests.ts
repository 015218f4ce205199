import { parseIpv6, formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { formatObservedRoute } from '../../engine/xen/observed-guests.ts';
import { routeProtocol } from '../route/routes.ts';

/** All addresses, our routes, all proxies: as `ip` arguments that print them as JSON. */
export const listGuestAddresses = ['ip', '-6', '-j', 'address', 'show'] as const;
export const listGuestRoutes = ['ip', '-6', '-j', 'route', 'show', 'proto', String(routeProtocol)] as const;
export const listGuestProxies = ['ip', '-6', '-j', 'neighbour', 'show', 'proxy'] as const;

export function parseGuestAddresses(text: string): Read<ReadonlySet<string>> {
  return read(text, (link: { ifname?: string; addr_info?: { local?: string; prefixlen?: number }[] }) =>
    // iproute2 prints an empty object for what a filter leaves out.
    (link.addr_info ?? []).map(({ local, prefixlen }) => `${link.ifname} ${address(local)}/${prefixlen}`),
  );
}

export function parseGuestRoutes(text: string): Read<ReadonlySet<string>> {
  return read(text, (route: { type?: string; dst: string; dev?: string; gateway?: string }) => {
    if (route.type !== undefined && route.type !== 'unicast') return [];
    const prefix = parsePrefix(route.dst.includes('/') ? route.dst : `${route.dst}/128`);
    if (!prefix.ok) throw new Error(prefix.problem.message);
    const via = route.gateway === undefined ? undefined : address(route.gateway);
    return [formatObservedRoute(route.dev ?? '', formatPrefix(prefix.value), via)];
  });
}

export function parseGuestProxies(text: string): Read<ReadonlySet<string>> {
  return read(text, ({ dst, dev }: { dst: string; dev?: string }) => [`${dev} ${address(dst)}`]);
}

function read<T>(text: string, lines: (item: T) => string[]): Read<ReadonlySet<string>> {
  try {
    const items = text.trim() === '' ? [] : (JSON.parse(text) as T[]);
    return { known: true, value: new Set(items.flatMap(lines)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}

function address(text: string | undefined): string {
  const parsed = parseIpv6(text ?? '');
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return formatIpv6(parsed.value);
}
