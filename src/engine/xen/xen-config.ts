import type { Ipv6Address } from '../../core/ipv6.ts';
import type { Prefix } from '../../core/prefix.ts';

/** What a Xen host gives its guests, as validated values. */
export interface XenConfig {
  readonly policy: XenPolicy;
  /** What becomes of routed guests that have no entry: `filter` keeps them from forging sources, `ignore` does nothing. */
  readonly unlisted: 'filter' | 'ignore';
  /** The interface towards the provider, on which proxy NDP answers. */
  readonly uplink?: string;
  /** The address of Dom0 on every guest's interface, so that ICMPv6 errors have a source that can be replied to. */
  readonly address?: Ipv6Address;
  /** Recursive DNS servers that router advertisements name (RFC 8106). */
  readonly dns: readonly Ipv6Address[];
  readonly guests: readonly XenGuest[];
}

/** What a failure does to a guest that is about to start: it does not start, or it starts without IPv6. */
export type XenPolicy = 'fail' | 'warn';

export interface XenGuest {
  readonly key: GuestKey;
  /** By device number, ascending; the one entry of a guest that is known by a MAC address stands for that interface. */
  readonly interfaces: readonly GuestInterface[];
}

/** Names are compared exactly; UUIDs are in small letters; a MAC address stands for one interface. */
export type GuestKey =
  | { readonly by: 'name' | 'uuid'; readonly text: string }
  | { readonly by: 'mac'; readonly mac: bigint };

/** One network interface of a guest. */
export interface GuestInterface {
  readonly device: number;
  /** On the link between Dom0 and the guest. */
  readonly prefixes: readonly Prefix[];
  /** Single addresses of the guest outside of those. */
  readonly addresses: readonly Ipv6Address[];
  /** Dom0's address on the link: link-local, or in one of the prefixes. */
  readonly gateway: Ipv6Address;
  /** Routed through the guest to what is behind it. */
  readonly routed: readonly Prefix[];
  /** The guest's link-local address for those; undefined: the one that it makes of its MAC address. */
  readonly via?: Ipv6Address;
  /** Dom0 answers for the single addresses on the uplink. */
  readonly proxyNdp: boolean;
  /** Router advertisements for the prefixes. */
  readonly advertise: boolean;
  readonly antiSpoof: boolean;
}
