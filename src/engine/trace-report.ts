import { parseIpv6 } from '../core/ipv6.ts';
import { parsePrefix, type Prefix } from '../core/prefix.ts';
import type { Config, Network, PortRange } from './config.ts';
import type { Mapping } from './mapping.ts';
import type { Report } from './report.ts';
import type { UplinkChoice } from './steering.ts';

/** What a trace needs, out of a report: for readers that may look neither at the configuration nor at the kernel. */
export function configOfReport({
  uplinks,
  networks,
  translations,
}: Pick<Report, 'uplinks' | 'networks' | 'translations'>): Config {
  const read: Network[] = networks.map(({ name, prefix, subnets }) => ({
    name,
    prefix: prefixOfReport(prefix),
    subnets: subnets.map((subnet, id) => ({ name: subnet.name, id, prefix: prefixOfReport(subnet.prefix) })),
  }));
  return {
    uplinks: [],
    networks: read,
    translations: translations.flatMap((translation) => {
      const network = read.find(({ name }) => name === translation.network);
      const uplink = uplinks.find(({ name }) => name === translation.uplink);
      if (!network || !uplink) return [];
      return [
        {
          ...translation,
          mode: translation.mode === 'none' ? 'stateful' : translation.mode,
          network,
          // Where the prefix comes from is of no interest to a trace.
          uplink: { name: uplink.name, interface: uplink.interface, source: { from: 'dhcpcd' } },
          pinholes: translation.pinholes.map(({ to, tcp, udp, icmp }) => ({
            to: valueOf(parseIpv6(to)),
            tcp: tcp.map(parseRange),
            udp: udp.map(parseRange),
            icmp,
          })),
        },
      ];
    }),
  };
}

export function choicesOfReport({ networks }: Pick<Report, 'networks'>): UplinkChoice[] {
  return networks.flatMap(({ name, way }) =>
    way ? [{ network: name, uplink: way.uplink ?? undefined, because: way.because }] : [],
  );
}

export function mappingsOfReport({ mappings }: Pick<Report, 'mappings'>): Mapping[] {
  return mappings.map(({ uplink, network, inside, outside, direction }) => ({
    uplink,
    network,
    inside: prefixOfReport(inside),
    outside: prefixOfReport(outside),
    direction,
  }));
}

function prefixOfReport(text: string): Prefix {
  return valueOf(parsePrefix(text));
}

function parseRange(text: string): PortRange {
  const [first = NaN, last = first] = text.split('-').map(Number);
  return { first, last };
}

/** A report holds what `format...` made of values; anything else in it is a bug of ours. */
function valueOf<T>(result: { ok: true; value: T } | { ok: false; problem: { message: string } }): T {
  if (!result.ok) throw new Error(`in a report: ${result.problem.message}`);
  return result.value;
}
