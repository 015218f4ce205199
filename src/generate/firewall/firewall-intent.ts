import type { Ipv6Address } from '../../core/ipv6.ts';
import type { Prefix } from '../../core/prefix.ts';

/** What a firewall has to know about the translation. Interfaces are names that `parseInterfaceName` takes. */
export interface FirewallIntent {
  readonly uplinks: readonly string[];
  readonly translations: readonly FirewallTranslation[];
}

export interface FirewallTranslation {
  readonly uplink: string;
  readonly network: Prefix;
  /** Where inside hosts are; without an interface where another router has the subnet. */
  readonly subnets: readonly { readonly prefix: Prefix; readonly interface?: string }[];
  /** The device by which inside hosts reach each other, where translation is without state; conntrack then knows no NAT. */
  readonly detour?: string;
  /** Inside addresses are what the Internet sees on this uplink. */
  readonly native?: boolean;
  /** Inside hosts use outside addresses of others too, so that pinholes are for them as well. */
  readonly hairpin: boolean;
  readonly inbound: 'deny' | 'allow';
  readonly pinholes: readonly FirewallPinhole[];
}

export interface FirewallPinhole {
  readonly to: Ipv6Address;
  readonly tcp: readonly Ports[];
  readonly udp: readonly Ports[];
  readonly icmp: boolean;
}

/** Both ends belong to it. */
export interface Ports {
  readonly first: number;
  readonly last: number;
}
