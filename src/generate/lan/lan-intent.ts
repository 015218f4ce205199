import { ipv6FromBigInt, type Ipv6Address } from '../../core/ipv6.ts';
import type { Prefix } from '../../core/prefix.ts';

/** The inside of a router: its interfaces with their addresses. */
export interface LanIntent {
  readonly lans: readonly Lan[];
  /** Where sixgate keeps radvd's configuration, absolute; undefined where no network is advertised. */
  readonly radvdConfig?: string;
}

export interface Lan {
  /** As in `home, subnet lan`, for a comment. */
  readonly what: string;
  readonly interface: string;
  /** The router's own address, the first of the subnet, which is a /64. */
  readonly address: Ipv6Address;
}

/** The configuration as far as the inside is concerned; the engine's Config is one. */
export interface LanConfig {
  readonly networks: readonly {
    readonly name: string;
    readonly advertise?: unknown;
    readonly subnets: readonly { readonly name: string; readonly prefix: Prefix; readonly interface?: string }[];
  }[];
}

export function deriveLanIntent({ networks }: LanConfig, radvdConfig: string): LanIntent {
  const lans = networks.flatMap((network) =>
    network.subnets.flatMap((subnet) => {
      if (subnet.interface === undefined) return [];
      const address = ipv6FromBigInt(subnet.prefix.address + 1n);
      return [{ what: `${network.name}, subnet ${subnet.name}`, interface: subnet.interface, address }];
    }),
  );
  return { lans, ...(networks.some(({ advertise }) => advertise !== undefined) && { radvdConfig }) };
}
