import { parseIpv6, type Ipv6Address } from '../../core/ipv6.ts';
import type { DefaultRoute } from '../../engine/doctor/host-facts.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** As `ip` arguments that print JSON. */
export const listDefaultRoutes = ['ip', '-6', '-j', 'route', 'show', 'default'] as const;

/** Asks which way, and with which address, a packet to the Internet would go; none is sent. */
export const askRoute = ['ip', '-6', '-j', 'route', 'get', '2001:db8::1'] as const;

interface Route {
  readonly type?: string;
  readonly dev?: string;
  readonly protocol?: string;
  readonly prefsrc?: string;
  readonly nexthops?: readonly { readonly dev?: string }[];
}

/** Reads the output of `listDefaultRoutes`; unreachable ones are left out. */
export function parseDefaultRoutes(text: string): Read<readonly DefaultRoute[]> {
  return readRoutes(text, (routes) =>
    routes.flatMap(({ type, dev, protocol, nexthops }) => {
      if (type !== undefined && type !== 'unicast') return [];
      const devices = [dev, ...(nexthops ?? []).map((hop) => hop.dev)].filter((name) => name !== undefined);
      return devices.map((name) => ({ interface: name, protocol: protocol ?? 'boot' }));
    }),
  );
}

/** Reads the output of `askRoute`: the source address, null where there is none. */
export function parseRouteSource(text: string): Read<Ipv6Address | null> {
  return readRoutes(text, ([route]) => {
    if (route?.prefsrc === undefined) return null;
    const address = parseIpv6(route.prefsrc);
    if (!address.ok) throw new Error(address.problem.message);
    return address.value;
  });
}

function readRoutes<T>(text: string, read: (routes: readonly Route[]) => T): Read<T> {
  try {
    return { known: true, value: read(text.trim() === '' ? [] : (JSON.parse(text) as Route[])) };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}
