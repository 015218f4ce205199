import type { InterfaceName } from '../../core/interface-name.ts';
import type { Ipv4Address } from '../../core/ipv4.ts';
import type { Ipv6Address } from '../../core/ipv6.ts';
import type { Prefix } from '../../core/prefix.ts';

/**
 * One network interface of a guest, both ends of it, checked and with everything derived: a target only has to write down what
 * its side needs.
 */
export interface XenGuestLink {
  /** The guest's, as in its xl.cfg; any text without control characters. */
  readonly name: string;
  /** Its number in xl.cfg, from 0. */
  readonly device: number;
  /** In the guest. */
  readonly interface: InterfaceName;
  readonly mac?: bigint;
  /** In Dom0, instead of vifDOMID.DEVICE. */
  readonly vifname?: InterfaceName;
  readonly script: HotplugScript;
  /** Dom0's way out, whose IPv4 address the guest takes for its gateway. */
  readonly gatewaydev?: InterfaceName;
  /** On the link between Dom0 and the guest. */
  readonly prefixes: readonly Prefix[];
  /** Of the guest outside of those, each with a route of its own in Dom0. */
  readonly singles: readonly Ipv6Address[];
  /** All of the guest's, with how much is on-link: the length of its prefix, or 128. At least one unless there is IPv4 only. */
  readonly addresses: readonly GuestAddress[];
  /** Dom0's address: link-local or in a prefix. Undefined: no IPv6 default route through this interface. */
  readonly gateway?: Ipv6Address;
  /** What lies behind the guest. */
  readonly routed: readonly Prefix[];
  readonly ipv4?: PointToPoint;
  /** Recursive DNS servers, as text. */
  readonly dns: readonly string[];
  /** Whether Dom0 answers for `singles` on the provider's link. */
  readonly proxyNdp: boolean;
  /** Addresses for documentation are in it. */
  readonly example: boolean;
}

export interface GuestAddress {
  readonly address: Ipv6Address;
  readonly length: number;
}

/** Dom0 has one IPv4 address for all of its guests, and a host route to each. */
export interface PointToPoint {
  readonly address: Ipv4Address;
  /** Whether the default route of IPv4 goes through this interface. */
  readonly isDefault: boolean;
  readonly gateway: Ipv4Address;
}

export const hotplugScripts = ['vif-route', 'vif-route6'] as const;
export type HotplugScript = (typeof hotplugScripts)[number];
