import type { InterfaceName } from '../../core/interface-name.ts';
import type { Prefix } from '../../core/prefix.ts';
import type { SetupSource } from './propose-setup.ts';

/** What `sixgate init` was answered. */
export interface Setup {
  readonly uplink: InterfaceName;
  readonly from: SetupSource;
  /** With `from: hook`. */
  readonly client?: 'dhclient' | 'odhcp6c';
  /** What is asked for, where the source asks. */
  readonly length: number;
  /** Inside; long enough for all LANs. */
  readonly prefix: Prefix;
  /** In the order of their importance; at least one. */
  readonly lans: readonly SetupLan[];
  /** sixgate says on the LANs which prefix they have, by radvd. */
  readonly advertise: boolean;
  /** Established flows take the kernel's flowtable. */
  readonly offload: boolean;
}

export interface SetupLan {
  /** A name as the configuration takes it. */
  readonly name: string;
  readonly interface: string;
}

/** The bits of a network that is as large as what is asked for, and in any case has a /64 for each LAN. */
export function networkLength(asked: number, lans: number): number {
  return Math.max(16, Math.min(asked, 64 - Math.ceil(Math.log2(Math.max(1, lans)))));
}

/** `lan` for a single one, else names made of those of the interfaces. */
export function nameLans(interfaces: readonly string[]): readonly SetupLan[] {
  if (interfaces.length === 1) return [{ name: 'lan', interface: interfaces[0]! }];
  const taken = new Set<string>();
  return interfaces.map((each, index) => {
    const plain = each.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    const name = /^[a-z]/.test(plain) && !taken.has(plain) ? plain : `lan${index}`;
    taken.add(name);
    return { name, interface: each };
  });
}
