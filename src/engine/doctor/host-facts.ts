import type { Instant } from '../../core/instant.ts';
import type { Ipv4Address } from '../../core/ipv4.ts';
import type { Ipv6Address } from '../../core/ipv6.ts';
import type { Problem } from '../../core/problem.ts';
import type { Config } from '../config.ts';
import type { Delegation } from '../delegation.ts';
import type { FirewallTable } from '../firewall/firewall.ts';
import type { Read } from '../kernel-state.ts';
import type { NetworkManagerDevice } from '../networkmanager-device.ts';
import type { FlowtableAnswer } from '../offload.ts';
import type { Report } from '../report.ts';
import type { Role } from '../role.ts';
import type { Step } from '../step.ts';
import type { TunnelFacts } from './tunnel/tunnel-facts.ts';

/** What the checks of `sixgate doctor` look at, as it was read; whatever could not be read says so. */
export interface HostFacts {
  readonly now: Instant;
  /** Whether a program keeps the clock set; left out where nobody can tell. */
  readonly clockKept?: boolean;
  /** Of sixgate. */
  readonly version: string;
  /** As in `v20.20.2`. */
  readonly nodeVersion: string;
  readonly config: ConfigFact;
  /** Versions by name, `''` for one that says none; null for a tool that is not there. */
  readonly tools: ReadonlyMap<string, Read<string | null>>;
  /** Kernel settings by their path under /proc/sys; those that are not in it could not be read. */
  readonly settings: ReadonlyMap<string, number>;
  readonly interfaces: Read<readonly InterfaceFact[]>;
  readonly defaultRoutes: Read<readonly DefaultRoute[]>;
  /** The address that this router itself uses towards the Internet; null where it has no route there. */
  readonly ownSource: Read<Ipv6Address | null>;
  /** What the kernel says to the ruleset of this configuration, tried without applying; null: it takes it. */
  readonly rulesetRefused: Read<string | null>;
  /** Whether the kernel takes a flowtable; undefined where it was not asked. */
  readonly flowtables?: FlowtableAnswer | undefined;
  /** How many flows conntrack follows. */
  readonly flows: Read<number>;
  readonly dhcpClients: Read<readonly DhcpClient[]>;
  /** Undefined where there is no such file. */
  readonly dhcpcdConfig: Read<DhcpcdConfig | undefined>;
  /** What systemd-networkd does with the uplinks that it is to serve, by interface. */
  readonly networkd: Read<ReadonlyMap<string, NetworkdFact>>;
  /** What NetworkManager says of those that it is to serve, by interface. */
  readonly networkManager: ReadonlyMap<string, Read<NetworkManagerDevice>>;
  /** Hooks of clients by path; undefined: there is no such file. */
  readonly hooks: ReadonlyMap<string, Read<HookFact | undefined>>;
  /** Where hooks leave what they hear. */
  readonly eventsDirectory: string;
  /** Undefined where no daemon has written its state yet. */
  readonly daemon: Read<DaemonFact | undefined>;
  readonly delegations: Read<readonly Delegation[]>;
  /** Which one of two routers it is; undefined for one that is alone. */
  readonly role?: Role | undefined;
  /** What a pass would do now. */
  readonly steps: Read<readonly Step[]>;
  /** What others should do for the rules to have their effect. */
  readonly awaited: Read<readonly Problem[]>;
  /** All tables of sixgate, as in `inet sixgate_guard`. */
  readonly ownTables: Read<readonly string[]>;
  readonly firewall: Read<FirewallFact>;
  readonly tunnelling: TunnelFacts;
}

export type ConfigFact =
  | { readonly valid: true; readonly config: Config; readonly warnings: number }
  | {
      readonly valid: false;
      readonly message: string;
      readonly mend: string;
      /** There is no file, and nobody named one: a machine with tunnels only needs none. */
      readonly unneeded?: true;
    };

export interface InterfaceFact {
  readonly name: string;
  readonly up: boolean;
  readonly carrier: boolean;
  readonly mtu: number;
  /** Its global ones, in the kernel's order. */
  readonly ipv4: readonly Ipv4Address[];
  readonly addresses: readonly InterfaceAddress[];
}

export interface InterfaceAddress {
  readonly address: Ipv6Address;
  readonly length: number;
  /** Duplicate address detection found that somebody else has it (RFC 4862 section 5.4). */
  readonly duplicate: boolean;
}

export interface DefaultRoute {
  readonly interface: string;
  /** Who set it, as iproute2 names it: `ra` is the kernel or a client that hears router advertisements. */
  readonly protocol: string;
}

/** A socket on UDP port 546. */
export interface DhcpClient {
  /** The one interface that it is for; undefined for all. */
  readonly interface?: string;
  readonly process?: { readonly name: string; readonly pid: number };
  /** Of its command line, behind the program, where that could be read. */
  readonly arguments?: readonly string[];
  /** A part of dhcpcd whose manager is gone: it holds the port and serves nobody. */
  readonly orphaned: boolean;
}

export interface NetworkdFact {
  /** `configured`, `unmanaged` ... */
  readonly state: string;
  /** The .network file that it goes by. */
  readonly file?: string;
  /** As `Section.Key`. */
  readonly settings: ReadonlyMap<string, string>;
}

export interface HookFact {
  readonly text: string;
  readonly executable: boolean;
}

export interface DhcpcdConfig {
  readonly path: string;
  readonly options: readonly DhcpcdOption[];
}

export interface DhcpcdOption {
  /** From 1. */
  readonly line: number;
  readonly name: string;
  readonly value: string;
  /** The interface whose block it stands in. */
  readonly interface?: string;
}

export interface DaemonFact {
  readonly report: Report;
  readonly alive: boolean;
}

export interface FirewallFact {
  readonly tables: readonly FirewallTable[];
  /** Tables that could not be read. */
  readonly unread: readonly { readonly name: string; readonly why: string }[];
}
