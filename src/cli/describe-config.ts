import { formatIpv4 } from '../core/ipv4.ts';
import { formatIpv6 } from '../core/ipv6.ts';
import { formatPrefix } from '../core/prefix.ts';
import type { Backend, Config, PrefixSource } from '../engine/config.ts';
import { reportTranslation, type TranslationReport } from '../engine/report.ts';
import { describeXen, type XenDescription } from './describe-xen.ts';

export interface SourceDescription {
  readonly from: string;
  readonly length?: number;
  readonly prefix?: string;
  readonly ipv4?: string;
  readonly of?: string;
  readonly protocol?: number;
  readonly client?: string;
  readonly within?: string;
}

/** The configuration as plain values: what `check --json` prints, in the words of the file. */
export interface ConfigDescription {
  readonly backend: Backend;
  readonly uplinks: readonly {
    readonly name: string;
    readonly interface: string;
    readonly source: SourceDescription;
  }[];
  readonly networks: readonly {
    readonly name: string;
    readonly prefix: string;
    readonly subnets: readonly {
      readonly name: string;
      readonly id: number;
      readonly prefix: string;
      readonly interface: string | null;
    }[];
  }[];
  readonly translations: readonly TranslationReport[];
  readonly dns: readonly {
    readonly name: string;
    readonly via: string;
    readonly hosts: readonly { readonly host: string; readonly name: string; readonly uplink: string | null }[];
  }[];
  readonly xen: XenDescription | null;
}

export function describeConfig(config: Config): ConfigDescription {
  return {
    backend: config.backend ?? 'nftables',
    uplinks: config.uplinks.map(({ name, interface: at, source }) => ({
      name,
      interface: at,
      source: describeSource(source),
    })),
    networks: config.networks.map(({ name, prefix, subnets }) => ({
      name,
      prefix: formatPrefix(prefix),
      subnets: subnets.map((subnet) => ({
        name: subnet.name,
        id: subnet.id,
        prefix: formatPrefix(subnet.prefix),
        interface: subnet.interface ?? null,
      })),
    })),
    translations: config.translations.map(reportTranslation),
    dns: (config.dns ?? []).map(({ name, service, hosts }) => ({
      name,
      via: service.via,
      hosts: hosts.map(({ host, uplink, ...entry }) => ({
        host: formatIpv6(host),
        name: entry.name,
        uplink: uplink ?? null,
      })),
    })),
    xen: config.xen ? describeXen(config.xen) : null,
  };
}

function describeSource(source: PrefixSource): SourceDescription {
  if (source.from === 'static') return { from: source.from, prefix: formatPrefix(source.prefix) };
  if (source.from === 'route') {
    const { within } = source;
    return { from: source.from, protocol: source.protocol, ...(within && { within: formatPrefix(within) }) };
  }
  if ('ipv4' in source) return { from: source.from, ipv4: formatIpv4(source.ipv4) };
  return source;
}
