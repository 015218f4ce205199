import { ipv4PrefixOf } from '../../core/ipv4-prefix.ts';
import { ipv4FromNumber, parseIpv4, type Ipv4Address } from '../../core/ipv4.ts';
import { parseIpv6 } from '../../core/ipv6.ts';
import { prefixOf } from '../../core/prefix.ts';
import type { TunnelLink } from '../../engine/doctor/tunnel/tunnel-facts.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** IPv6 in IPv4, as `ip` arguments that print JSON. */
export const listTunnels = ['ip', '-d', '-j', 'link', 'show', 'type', 'sit'] as const;

interface Link {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly linkinfo: { readonly info_data: InfoData };
}

interface InfoData {
  /** `ip4ip6` and `any` are tunnels for more than IPv6. */
  readonly proto?: string;
  readonly remote?: string;
  readonly local?: string;
  readonly ttl?: number;
  readonly pmtudisc?: boolean;
  readonly isatap?: boolean | null;
  readonly prefix?: string;
  readonly prefixlen?: number;
  readonly relay_prefix?: string;
  readonly relay_prefixlen?: number;
}

/** Reads the output of `listTunnels`; those for IPv4 only and ISATAP are left out. */
export function parseTunnels(text: string): Read<readonly TunnelLink[]> {
  try {
    // iproute2 prints an empty object for each link of another type.
    const links = (JSON.parse(text.trim() === '' ? '[]' : text) as Partial<Link>[]).filter(
      (link): link is Link => link.ifname !== undefined,
    );
    const carryIpv6 = links.filter(({ linkinfo: { info_data: data } }) => data.proto !== 'ipip' && !('isatap' in data));
    return { known: true, value: carryIpv6.map(readTunnel) };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}

function readTunnel({ ifname, flags, mtu, linkinfo: { info_data: data } }: Link): TunnelLink {
  const local = readEnd(data.local);
  const remote = readEnd(data.remote);
  const sites = parseIpv6(data.prefix ?? '2002::');
  const common = readEnd(data.relay_prefix) ?? ipv4FromNumber(0);
  if (!sites.ok) throw new Error(sites.problem.message);
  return {
    name: ifname,
    up: flags.includes('UP'),
    mtu,
    ttl: data.ttl ?? 0,
    pmtudisc: data.pmtudisc ?? true,
    ...(local !== undefined && { local }),
    ...(remote !== undefined && { remote }),
    sixRd: {
      prefix: prefixOf(sites.value, data.prefixlen ?? 16),
      common: ipv4PrefixOf(common, data.relay_prefixlen ?? 0),
    },
  };
}

function readEnd(text = 'any'): Ipv4Address | undefined {
  if (text === 'any') return undefined;
  const address = parseIpv4(text);
  if (!address.ok) throw new Error(address.problem.message);
  return address.value;
}
