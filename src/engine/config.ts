import type { Duid } from '../core/duid.ts';
import type { Ipv4Address } from '../core/ipv4.ts';
import type { Ipv6Address } from '../core/ipv6.ts';
import type { MappingMode } from '../core/map-address.ts';
import type { Prefix } from '../core/prefix.ts';
import type { XenConfig } from './xen/xen-config.ts';

/** Which tool of the kernel's packet filter has the rules. */
export type Backend = 'nftables' | 'ip6tables';

/** The configuration as validated values: every reference resolves, every prefix is canonical. */
export interface Config {
  /** Left out: nftables. */
  readonly backend?: Backend;
  readonly uplinks: readonly Uplink[];
  readonly networks: readonly Network[];
  readonly translations: readonly Translation[];
  /** Who says whether this router is the active one of two; undefined where it is alone. */
  readonly failover?: { readonly by: 'keepalived' };
  /** The figures of the routing by source; undefined where no network has a choice of uplinks and nobody asked for it. */
  readonly routing?: Routing;
  /** Whose AAAA records are kept where. */
  readonly dns?: readonly DnsUpdater[];
  /** On a Xen host only. */
  readonly xen?: XenConfig;
}

/** A DNS server or provider, and the records that are kept there. */
export interface DnsUpdater {
  readonly name: string;
  readonly service: NsupdateService | HttpService;
  readonly hosts: readonly DnsHost[];
}

/** RFC 2136. */
export interface NsupdateService {
  readonly via: 'nsupdate';
  readonly server?: string;
  readonly port: number;
  readonly zone?: string;
  /** With the TSIG key (RFC 8945). */
  readonly keyFile?: string;
  /** In seconds. */
  readonly ttl: number;
}

export interface HttpService {
  readonly via: 'http';
  /** With `{name}`, `{address}` and `{prefix}`. */
  readonly url: string;
  readonly user?: string;
  readonly passwordFile?: string;
}

export interface DnsHost {
  /** Its inside address. */
  readonly host: Ipv6Address;
  /** Without a dot at the end. */
  readonly name: string;
  /** Only the address by this uplink counts. */
  readonly uplink?: string;
}

/** A way to the IPv6 Internet: an interface and where its prefix comes from. */
export interface Uplink {
  readonly name: string;
  readonly interface: string;
  readonly source: PrefixSource;
  /** How it is tried whether the Internet can be reached; undefined: only its cable and its default route count. */
  readonly health?: HealthCheck;
}

/** Echo requests to hosts on the Internet, in rounds; a round is answered where one of them is. */
export interface HealthCheck {
  readonly targets: readonly Ipv6Address[];
  /** From one round to the next, in seconds. */
  readonly interval: number;
  /** How long an answer may take, in seconds. */
  readonly timeout: number;
  /** So many rounds without an answer, one after the other, and the uplink is down. */
  readonly down: number;
  /** So many answered ones, and it is up again. */
  readonly up: number;
}

/** What of the kernel is used where networks find their uplink by their source address. */
export interface Routing {
  /** The first uplink that takes part has the table after this one, the next one the next. */
  readonly table: number;
  /** Of the first of our rules; the others follow. */
  readonly priority: number;
  /** The bits of connection and packet marks that are ours, one after the other. */
  readonly mask: number;
}

export type HookClient = 'dhclient' | 'odhcp6c' | 'generic';

export type PrefixSource =
  | { readonly from: 'dhcpcd'; /** The length asked for. */ readonly length?: number }
  /** systemd-networkd, whose own files say what it asks for. */
  | { readonly from: 'networkd' }
  /**
   * NetworkManager. `of`: the interface of a connection that shares the prefix; `length`: how long it is; both for a
   * NetworkManager that does not name it.
   */
  | { readonly from: 'networkmanager'; readonly of?: string; readonly length?: number }
  | OwnClientSource
  /** A client that runs one of our hooks, or whoever calls `sixgate event`. */
  | { readonly from: 'hook'; readonly client: HookClient }
  /** The prefix of the address that an interface has. */
  | { readonly from: 'address'; readonly of: string; readonly length: number }
  /** The unreachable route that some client leaves for its prefix. */
  | {
      readonly from: 'route';
      /** `proto` of that route. */
      readonly protocol: number;
      /** Where others leave such routes too: what the prefix is a part of. */
      readonly within?: Prefix;
    }
  | { readonly from: 'static'; readonly prefix: Prefix }
  /** The /48 of a public IPv4 address (RFC 3056): of this one, or of the one that an interface has. */
  | { readonly from: '6to4'; readonly ipv4: Ipv4Address }
  | { readonly from: '6to4'; readonly of: string };

/** A DHCPv6 client of sixgate's own, for delegated prefixes only (RFC 9915). */
export interface OwnClientSource {
  readonly from: 'dhcpv6';
  /** The length asked for. */
  readonly length?: number;
  /** How many identity associations it asks with, one prefix each as a rule. */
  readonly ias: number;
  /** Of the first one; the others count on. */
  readonly iaid: number;
  /** Who it is to the server; undefined: the one of this machine, which is stored, or of the interface where stateless. */
  readonly duid?: Duid;
  /** No identity is stored, and the first message is a Solicit also where a prefix was held. */
  readonly stateless: boolean;
  readonly rapidCommit: boolean;
  /** The first usable offer is taken at once. */
  readonly firstOffer: boolean;
  /** The prefix is given back when the daemon stops. */
  readonly release: boolean;
}

/** A stable inside prefix, divided into subnets; their order is their priority when a delegation is too small. */
export interface Network {
  readonly name: string;
  readonly prefix: Prefix;
  readonly subnets: readonly Subnet[];
  /** Router advertisements on the interfaces of its subnets, with these DNS servers; undefined: somebody else's business. */
  readonly advertise?: { readonly dns: readonly Ipv6Address[] };
  /** Names of uplinks, best first; those that are not named come behind, in the order of the translations. */
  readonly prefer?: readonly string[];
}

/** One /64 of a network. */
export interface Subnet {
  readonly name: string;
  /** Which /64, counted from 0: up to 2^48 - 1 in a /16. */
  readonly id: number;
  readonly prefix: Prefix;
  readonly interface?: string;
}

/** One network on one uplink. */
export interface Translation {
  readonly network: Network;
  readonly uplink: Uplink;
  /** Which part of a larger delegation it gets, counted from 0; undefined: the first one that may be used. */
  readonly subprefix?: number;
  readonly mode: MappingMode;
  /** The network's prefix is this uplink's own: nothing is translated, and the mapping in force is one onto itself. */
  readonly native?: true;
  /** Inside hosts reach each other by their outside addresses. */
  readonly hairpin: boolean;
  readonly inbound: 'deny' | 'allow';
  /** Established flows take the kernel's flowtable, past the rules. */
  readonly offload?: boolean;
  /** Each host stands once; its port ranges are sorted and apart. */
  readonly pinholes: readonly Pinhole[];
}

/** What may come in unasked: one inside host and its open ports. */
export interface Pinhole {
  readonly to: Ipv6Address;
  readonly tcp: readonly PortRange[];
  readonly udp: readonly PortRange[];
  /** Echo requests; errors that belong to a flow pass always. */
  readonly icmp: boolean;
}

/** Both ends belong to it. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export function formatPortRange({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}
