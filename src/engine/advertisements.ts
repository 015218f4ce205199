import type { Ipv6Address } from '../core/ipv6.ts';
import type { Prefix } from '../core/prefix.ts';
import type { Config } from './config.ts';
import type { Mapping } from './mapping.ts';

/** What a router advertisement on one LAN says. */
export interface Advertisement {
  readonly interface: string;
  readonly prefix: Prefix;
  /**
   * Whether this router is one to the Internet at this moment: it has an outside prefix for the subnet. Without one hosts
   * must not take it for a default router (RFC 7084 L-4, G-4), or they would prefer a way that ends here.
   */
  readonly defaultRouter: boolean;
  readonly dns: readonly Ipv6Address[];
}

/** The advertisements of all networks that want them, in the order of the configuration. */
export function deriveAdvertisements(config: Config, mappings: readonly Mapping[]): readonly Advertisement[] {
  return config.networks.flatMap((network) => {
    const { advertise } = network;
    if (!advertise) return [];
    return network.subnets.flatMap((subnet) => {
      if (subnet.interface === undefined) return [];
      const defaultRouter = mappings.some(
        (mapping) =>
          mapping.direction === 'both' &&
          mapping.network === network.name &&
          (mapping.subnet ?? subnet.name) === subnet.name,
      );
      return [{ interface: subnet.interface, prefix: subnet.prefix, defaultRouter, dns: advertise.dns }];
    });
  });
}
