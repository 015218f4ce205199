import { formatIpv6, parseIpv6, type Ipv6Address } from '../core/ipv6.ts';
import { deriveMapper } from '../core/map-address.ts';
import { contains, formatPrefix, prefixOf } from '../core/prefix.ts';
import type { Config, DnsUpdater } from './config.ts';
import { isNative, type Mapping } from './mapping.ts';

/** An AAAA record as it should be. */
export interface DnsRecord {
  readonly updater: DnsUpdater;
  /** Without a dot at the end. */
  readonly name: string;
  /** The outside address of the host; undefined while there is none, when the record stays as it is. */
  readonly value?: { readonly address: string; readonly prefix: string };
}

/** Nothing else is ever published: no unique local address in the global DNS (RFC 4193 section 4.4). */
const globalUnicast = prefixOf(readAddress('2000::'), 3);

/** The records that the configuration wants, with the addresses by which their hosts are reached now. */
export function deriveDnsRecords(config: Config, mappings: readonly Mapping[]): readonly DnsRecord[] {
  return (config.dns ?? []).flatMap((updater) =>
    updater.hosts.map(({ host, name, uplink }) => {
      const value = findOutside(config, mappings, host, uplink);
      return { updater, name, ...(value && { value }) };
    }),
  );
}

function findOutside(
  config: Config,
  mappings: readonly Mapping[],
  host: Ipv6Address,
  uplink: string | undefined,
): DnsRecord['value'] {
  for (const { inside, outside, direction, ...of } of mappings) {
    if (direction !== 'both' || !contains(inside, host) || (uplink !== undefined && uplink !== of.uplink)) continue;
    const rule = config.translations.find((each) => each.uplink.name === of.uplink && each.network.name === of.network);
    const mapper = deriveMapper({ inside, outside, mode: rule?.mode ?? 'stateful' });
    const mapped = mapper.ok ? mapper.value.map(host).mapped : null;
    const address = isNative({ inside, outside }) ? host : mapped;
    if (address === null || !contains(globalUnicast, address)) continue;
    return { address: formatIpv6(address), prefix: formatPrefix(outside) };
  }
  return undefined;
}

function readAddress(text: string): Ipv6Address {
  const read = parseIpv6(text);
  if (!read.ok) throw new RangeError(read.problem.message);
  return read.value;
}
