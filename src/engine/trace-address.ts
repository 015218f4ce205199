import { dropReasons, type Counterpart } from '../core/counterpart.ts';
import { formatIpv6, type Ipv6Address } from '../core/ipv6.ts';
import { mapAddress, type MappingMode } from '../core/map-address.ts';
import { contains, formatPrefix } from '../core/prefix.ts';
import { formatPortRange, type Config, type Translation } from './config.ts';
import { isNative, mappingsOn, type Mapping } from './mapping.ts';
import type { UplinkChoice } from './steering.ts';

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
export function traceAddress(
  address: Ipv6Address,
  config: Config,
  mappings: readonly Mapping[],
  choices: readonly UplinkChoice[] = [],
): TraceLine[] {
  const network = config.networks.find(({ prefix }) => contains(prefix, address));
  if (network) {
    const translations = config.translations.filter((translation) => translation.network.name === network.name);
    if (translations.length > 0) {
      const choice = choices.find((each) => each.network === network.name);
      return translations.flatMap((translation) => traceInside(address, translation, mappings, choice));
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

function describeMapping(mapping: Mapping, { uplink, mode }: Translation): string {
  const inside = formatPrefix(mapping.inside);
  if (isNative(mapping)) return `${inside} is ${uplink.name}'s own: it leaves by ${uplink.interface} as it is`;
  const how = mode === 'rfc6296' ? ' without state (RFC 6296)' : '';
  return `${inside} is mapped onto ${formatPrefix(mapping.outside)} on ${uplink.interface}${how}`;
}

/** Where a network has several uplinks: which flows this one is for. */
function explainChoice(choice: UplinkChoice | undefined, uplink: string): string {
  if (!choice) return '';
  if (choice.uplink === uplink) return `; new flows leave here: ${choice.because}`;
  const elsewhere = choice.uplink === undefined ? 'nowhere' : `by ${choice.uplink}`;
  return `; only for flows that live here, new ones leave ${elsewhere}: ${choice.because}`;
}

function traceInside(
  address: Ipv6Address,
  translation: Translation,
  mappings: readonly Mapping[],
  choice: UplinkChoice | undefined,
): TraceLine[] {
  const { uplink, hairpin, mode } = translation;
  const text = formatIpv6(address);
  const here = mappingsOn(mappings, uplink.name).filter(({ inside }) => contains(inside, address));
  const current = here.find(({ direction }) => direction === 'both');
  const out = current && mapBy(current, mode, address);
  const outbound: TraceLine = out
    ? {
        direction: 'outbound',
        uplink: uplink.name,
        from: text,
        becomes: out.mapped === null ? null : formatIpv6(out.mapped),
        because:
          out.mapped === null
            ? `${dropReasons[out.reason]}: rejected on ${uplink.interface}`
            : `${describeMapping(current, translation)}${explainChoice(choice, uplink.name)}`,
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
    ...here.flatMap((mapping) => {
      const { mapped } = mapBy(mapping, mode, address);
      return mapped === null ? [] : inboundLines(formatIpv6(mapped), address, translation, mapping, hairpin);
    }),
  ];
}

function traceOutside(address: Ipv6Address, config: Config, mapping: Mapping): TraceLine[] {
  const translation = config.translations.find(({ uplink }) => uplink.name === mapping.uplink);
  if (!translation) return [];
  const text = formatIpv6(address);
  const { mapped, reason } = mapBy(mapping, translation.mode, address);
  if (mapped !== null) return inboundLines(text, mapped, translation, mapping, translation.hairpin);
  const because = `${dropReasons[reason]}: dropped on ${translation.uplink.interface}`;
  return [{ direction: 'inbound', uplink: translation.uplink.name, from: text, becomes: null, because }];
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

function mapBy({ inside, outside }: Mapping, mode: MappingMode, address: Ipv6Address): Counterpart {
  if (isNative({ inside, outside })) return { mapped: address, reason: null };
  const mapped = mapAddress({ address, inside, outside, mode });
  // What cannot be mapped is no mapping in force.
  if (!mapped.ok) throw new Error(mapped.problem.message);
  return mapped.value;
}
