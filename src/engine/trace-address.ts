import { formatIpv6, ipv6FromBigInt, type Ipv6Address } from '../core/ipv6.ts';
import { contains, formatPrefix, type Prefix } from '../core/prefix.ts';
import { formatPortRange, type Config, type Translation } from './config.ts';
import type { Mapping } from './mapping.ts';

/** One direction of a trace: what a packet is before, what it becomes, or why it goes no further. */
export interface TraceLine {
  readonly direction: 'outbound' | 'inbound' | 'hairpin' | 'none';
  readonly uplink: string | null;
  readonly from: string;
  /** The address afterwards; null where the packet is stopped. */
  readonly becomes: string | null;
  readonly because: string;
}

/** What becomes of packets from and to this address by these mappings. Pure; says nothing of other firewalls. */
export function traceAddress(address: Ipv6Address, config: Config, mappings: readonly Mapping[]): TraceLine[] {
  const network = config.networks.find(({ prefix }) => contains(prefix, address));
  if (network) {
    const translations = config.translations.filter((translation) => translation.network.name === network.name);
    if (translations.length > 0) {
      return translations.flatMap((translation) => traceInside(address, translation, mappings));
    }
    const because = `${network.name} is not translated on any uplink, and the guard lets no inside address out`;
    return [{ direction: 'outbound', uplink: null, from: formatIpv6(address), becomes: null, because }];
  }
  const served = mappings.filter(({ outside }) => contains(outside, address));
  if (served.length > 0) return served.flatMap((mapping) => traceOutside(address, config, mapping));
  const text = formatIpv6(address);
  if (address >> 121n === 0x7en) {
    return [
      {
        direction: 'outbound',
        uplink: null,
        from: text,
        becomes: null,
        because: 'no network has it, and the guard lets no unique local address out to the Internet',
      },
    ];
  }
  return [
    {
      direction: 'none',
      uplink: null,
      from: text,
      becomes: text,
      because: 'no network and no mapping has it: it is not touched',
    },
  ];
}

function traceInside(address: Ipv6Address, translation: Translation, mappings: readonly Mapping[]): TraceLine[] {
  const { uplink, hairpin } = translation;
  const text = formatIpv6(address);
  const here = mappings.filter((mapping) => mapping.uplink === uplink.name && contains(mapping.inside, address));
  const current = here.find(({ direction }) => direction === 'both');
  const outbound: TraceLine = current
    ? {
        direction: 'outbound',
        uplink: uplink.name,
        from: text,
        becomes: swap(address, current.inside, current.outside),
        because: `${formatPrefix(current.inside)} is mapped onto ${formatPrefix(current.outside)} on ${uplink.interface}`,
      }
    : {
        direction: 'outbound',
        uplink: uplink.name,
        from: text,
        becomes: null,
        because: `no prefix for it on ${uplink.interface}: rejected (ICMPv6 destination unreachable, code 5), and the guard holds`,
      };
  return [
    outbound,
    ...here.flatMap((mapping) =>
      inboundLines(swap(address, mapping.inside, mapping.outside), address, translation, mapping, hairpin),
    ),
  ];
}

function traceOutside(address: Ipv6Address, config: Config, mapping: Mapping): TraceLine[] {
  const translation = config.translations.find(({ uplink }) => uplink.name === mapping.uplink);
  if (!translation) return [];
  const inside = swapped(address, mapping.outside, mapping.inside);
  return inboundLines(formatIpv6(address), inside, translation, mapping, translation.hairpin);
}

function inboundLines(
  outside: string,
  inside: Ipv6Address,
  translation: Translation,
  mapping: Mapping,
  hairpin: boolean,
): TraceLine[] {
  const { uplink } = translation;
  const age = mapping.direction === 'inbound' ? ' (an older prefix, still valid)' : '';
  const lines: TraceLine[] = [
    {
      direction: 'inbound',
      uplink: uplink.name,
      from: outside,
      becomes: formatIpv6(inside),
      because: `replies and related errors${age}; new flows: ${describeInbound(inside, translation)}`,
    },
  ];
  if (hairpin) {
    lines.push({
      direction: 'hairpin',
      uplink: null,
      from: outside,
      becomes: formatIpv6(inside),
      because: `from inside hosts, which appear with their own outside address${age}`,
    });
  }
  return lines;
}

function describeInbound(inside: Ipv6Address, { inbound, pinholes }: Translation): string {
  if (inbound === 'allow') return 'let in';
  const mine = pinholes.filter(({ to }) => to === inside);
  const open = mine.flatMap(({ tcp, udp, icmp }) => [
    ...tcp.map((range) => `TCP ${formatPortRange(range)}`),
    ...udp.map((range) => `UDP ${formatPortRange(range)}`),
    ...(icmp ? ['echo requests'] : []),
  ]);
  return open.length > 0 ? `${open.join(', ')} let in, all else denied` : 'denied';
}

function swap(address: Ipv6Address, from: Prefix, to: Prefix): string {
  return formatIpv6(swapped(address, from, to));
}

function swapped(address: Ipv6Address, from: Prefix, to: Prefix): Ipv6Address {
  return ipv6FromBigInt(to.address | (address - from.address));
}
