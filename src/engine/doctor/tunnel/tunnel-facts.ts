import type { Ipv4Prefix } from '../../../core/ipv4-prefix.ts';
import type { Ipv4Address } from '../../../core/ipv4.ts';
import type { Ipv6Address } from '../../../core/ipv6.ts';
import type { Prefix } from '../../../core/prefix.ts';
import type { Read } from '../../kernel-state.ts';
import type { FirewallFact } from '../host-facts.ts';

/** What there is of IPv6 in IPv4 (protocol 41), ours or anybody's. */
export interface TunnelFacts {
  /** None where the kernel has no sit; ISATAP and the kernel's own sit0, while unused, are left out. */
  readonly tunnels: readonly TunnelFact[];
  /** Prefixes of unreachable routes. */
  readonly unreachable: Read<readonly Prefix[]>;
  /** What IPv4 packets pass; addresses in it are IPv4-mapped. */
  readonly ipv4Firewall: Read<FirewallFact>;
  /** Of protocol 41, as connection tracking has them; empty where no rule translates protocol 41, since nobody looks then. */
  readonly entries: Read<readonly TunnelEntry[]>;
  /** Lines of interfaces(5) that lead to the withdrawn relay. */
  readonly relayLines: readonly RelayLine[];
}

export interface TunnelLink {
  readonly name: string;
  readonly up: boolean;
  readonly mtu: number;
  /** 0: that of the inner packet. */
  readonly ttl: number;
  /** Whether outer packets say "do not fragment". */
  readonly pmtudisc: boolean;
  /** Undefined: any. */
  readonly local?: Ipv4Address;
  /** Undefined: any. */
  readonly remote?: Ipv4Address;
  /** Where the IPv4 address of another site stands in its IPv6 address; 2002::/16 unless somebody set another. */
  readonly sixRd: { readonly prefix: Prefix; readonly common: Ipv4Prefix };
}

export interface TunnelFact extends TunnelLink {
  readonly routes: Read<readonly TunnelRoute[]>;
  /** The way to its peer; undefined where nobody was asked: it has none, or every path carries its packets. */
  readonly path?: Read<PathFact>;
}

export interface TunnelRoute {
  readonly prefix: Prefix;
  readonly gateway?: Ipv6Address;
}

/** What became of packets that must not be fragmented. */
export interface PathFact {
  readonly peer: Ipv4Address;
  /** The largest that the tunnel sends was answered. */
  readonly whole: boolean;
  /** One for an MTU of 1280 was. */
  readonly small: boolean;
  /** What somebody on the way said that it carries, in bytes of IPv4. */
  readonly told?: number;
}

export interface TunnelEntry {
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
  readonly translated: boolean;
}

export interface RelayLine {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}
