import { parseIpv6 } from '../../core/ipv6.ts';
import { parseAddressWithLength, prefixOf, type Prefix } from '../../core/prefix.ts';
import type { TunnelRoute } from '../../engine/doctor/tunnel/tunnel-facts.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** As `ip` arguments that print JSON. */
export const listUnreachable = ['ip', '-6', '-j', 'route', 'show', 'type', 'unreachable'] as const;

export function listRoutesThrough(device: string): [string, ...string[]] {
  return ['ip', '-6', '-j', 'route', 'show', 'dev', device];
}

interface Route {
  readonly dst: string;
  readonly gateway?: string;
}

/** Reads the output of either. */
export function parseTunnelRoutes(text: string): Read<readonly TunnelRoute[]> {
  try {
    const routes = JSON.parse(text.trim() === '' ? '[]' : text) as Route[];
    return { known: true, value: routes.map(readRoute) };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}

function readRoute({ dst, gateway }: Route): TunnelRoute {
  const prefix = readDestination(dst);
  if (gateway === undefined) return { prefix };
  const address = parseIpv6(gateway);
  if (!address.ok) throw new Error(address.problem.message);
  return { prefix, gateway: address.value };
}

/** A single address has no length. */
function readDestination(dst: string): Prefix {
  const text = dst === 'default' ? '::/0' : dst;
  const read = parseAddressWithLength(text.includes('/') ? text : `${text}/128`);
  if (!read.ok) throw new Error(read.problem.message);
  return prefixOf(read.value.address, read.value.length);
}
