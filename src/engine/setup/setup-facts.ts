import type { Read } from '../kernel-state.ts';
import type { Prefix } from '../../core/prefix.ts';
import type { DefaultRoute, InterfaceFact } from '../doctor/host-facts.ts';

/** What `sixgate init` found on the machine; what could not be read is left out. */
export interface SetupFacts {
  readonly interfaces: readonly SetupInterface[];
  readonly defaultRoutes: readonly DefaultRoute[];
  /** Interfaces with an IPv4 default route. */
  readonly ipv4Uplinks: readonly string[];
  /** The lengths of what DHCPv6 clients were delegated, by the unreachable routes that they leave. */
  readonly delegated: readonly Prefix[];
  readonly clients: readonly FoundClient[];
  readonly firewalls: Read<readonly Firewall[]>;
  /** Who gives interfaces their addresses. */
  readonly networkManager: NetworkManager;
  /** Whether this machine runs systemd. */
  readonly systemd: boolean;
  /** Debian's radvd is installed, and nobody has given it a configuration. */
  readonly radvdFree: boolean;
}

export interface SetupInterface extends InterfaceFact {
  /** `bridge`, `vlan`, `veth` ...; null for hardware. */
  readonly kind: string | null;
  /** As `ip link` says behind `link/`: `ether`, `ppp`, `loopback` ... */
  readonly linkType: string;
  /** It is a port of a bridge or bond. */
  readonly enslaved: boolean;
}

export type ClientProgram = 'dhcpcd' | 'networkd' | 'networkmanager' | 'dhclient' | 'odhcp6c' | 'other';

export interface FoundClient {
  readonly program: ClientProgram;
  /** Of the process. */
  readonly name: string;
  /** The one interface that it serves; undefined for all, or where that is not known. */
  readonly interface?: string;
  /** It listens on UDP port 546. */
  readonly listens: boolean;
  /** The length that its configuration asks for. */
  readonly asks?: number;
}

export type Firewall = 'ufw' | 'firewalld' | 'nftables' | 'iptables';

export type NetworkManager = 'netplan' | 'networkd' | 'networkmanager' | 'ifupdown' | 'nobody';
