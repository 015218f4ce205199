import type { InterfaceName } from '../../core/interface-name.ts';
import type { Ipv6Address } from '../../core/ipv6.ts';
import type { UplinkIntent } from '../uplink/uplink-intent.ts';

/** One of two routers that stand for each other, checked. The files of both are equal. */
export interface Failover {
  /** The port towards the provider, with the machine's own MAC address. */
  readonly port: InterfaceName;
  /** The interface on that port with the shared MAC address: the uplink's interface in sixgate's configuration. */
  readonly name: InterfaceName;
  readonly mac: bigint;
  readonly lans: readonly FailoverLan[];
  /** The same on every LAN; VRRP wants one first (RFC 9568 section 5.2.9). */
  readonly linkLocal: Ipv6Address;
  readonly vrid: number;
  readonly priority: number;
  /** In milliseconds. */
  readonly advertInterval: number;
  /** Where the script says which one of the two this router is, absolute. */
  readonly stateFile: string;
  /** The LAN on which both tell each other of flows (conntrackd); undefined where they do not. */
  readonly syncInterface?: InterfaceName;
  /** Undefined where the daemon asks for the prefix itself. */
  readonly client?: UplinkIntent;
}

export interface FailoverLan {
  readonly interface: InterfaceName;
  /** What hosts have as their gateway or their resolver; moves with the active router. */
  readonly addresses: readonly GatewayAddress[];
}

export interface GatewayAddress {
  readonly address: Ipv6Address;
  readonly length: number;
}
