import type { InterfaceName } from '../../core/interface-name.ts';
import type { Ipv4Prefix } from '../../core/ipv4-prefix.ts';
import type { Ipv4Address } from '../../core/ipv4.ts';
import type { Ipv6Address } from '../../core/ipv6.ts';
import type { Prefix } from '../../core/prefix.ts';

export const tunnelKinds = ['6to4', '6rd', '6in4'] as const;
export type TunnelKind = (typeof tunnelKinds)[number];

/**
 * IPv6 in IPv4 protocol 41, checked and with everything derived: a target only has to write it down.
 *
 * | kind | other end                      | prefix of the site                    |
 * |------|--------------------------------|---------------------------------------|
 * | 6to4 | in the destination (RFC 3056)  | 2002::/16 and the public IPv4 address |
 * | 6rd  | in the destination (RFC 5969)  | the provider's and our IPv4 address   |
 * | 6in4 | `remote` (RFC 4213)            | `routed` by the broker                |
 */
export interface Tunnel {
  readonly kind: TunnelKind;
  readonly name: InterfaceName;
  /** Source of the outer packets: an address of this very host, private behind NAT. */
  readonly local: Ipv4Address;
  /** The one peer of 6in4; any peer otherwise. */
  readonly remote?: Ipv4Address;
  /** Whether a gateway in front translates `local`. */
  readonly behindNat: boolean;
  /** What the outside sees; unknown where the gateway of a 6in4 tunnel has a changing one. */
  readonly publicIpv4?: Ipv4Address;
  /** On the tunnel itself: behind NAT the kernel takes packets only because of it (net/ipv6/sit.c, only_dnatted). */
  readonly address: Ipv6Address;
  /** How much of the address is on-link, in bits: 16 for 6to4, since all 6to4 sites are neighbours. */
  readonly onLinkLength: number;
  /** What the site may use; undefined where a broker routes nothing. */
  readonly prefix?: Prefix;
  readonly sixRd?: SixRd;
  /** Of a 6to4 site: its own relay. Of 6rd: the provider's border relay. */
  readonly relay?: Ipv4Address;
  /** Next hop of the default route: `::RELAY`, or the broker's end. Without one there is no default route. */
  readonly gateway?: Ipv6Address;
  readonly mtu: number;
  readonly ttl: number;
  readonly lans: readonly TunnelLan[];
  /** Subnets kept for later. */
  readonly spare: readonly Prefix[];
  readonly advertise: Advertiser;
  readonly filter: FilterTool;
  /** What must not be sent into the tunnel, as unreachable routes: embedded IPv4 martians, then what of `prefix` is unused. */
  readonly unreachable: readonly Prefix[];
  /** Embedded IPv4 martians and addresses that no tunnel may carry (RFC 3964 section 5.3). */
  readonly bogus: readonly Prefix[];
  /** Seconds between two pings that keep the gateway's entry alive. */
  readonly keepalive?: number;
  /** Addresses for documentation are in it. */
  readonly example: boolean;
}

export interface SixRd {
  readonly prefix: Prefix;
  /** What all IPv4 addresses of the domain have in common; /0 where nothing is left out. */
  readonly common: Ipv4Prefix;
}

export interface TunnelLan {
  readonly id: bigint;
  readonly interface: InterfaceName;
  readonly prefix: Prefix;
  /** Of this host, on that interface. */
  readonly address: Ipv6Address;
}

export const advertisers = ['radvd', 'networkd', 'dnsmasq', 'none'] as const;
export type Advertiser = (typeof advertisers)[number];

export const filterTools = ['nftables', 'iptables', 'none'] as const;
export type FilterTool = (typeof filterTools)[number];
