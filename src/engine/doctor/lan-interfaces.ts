import type { Config, Subnet } from '../config.ts';

export interface LanSubnet extends Subnet {
  readonly interface: string;
}

/** The subnets that are on an interface of this router; others are behind another one. */
export function lanSubnets(config: Config): LanSubnet[] {
  return config.networks.flatMap(({ subnets }) =>
    subnets.flatMap((subnet) => (subnet.interface === undefined ? [] : [{ ...subnet, interface: subnet.interface }])),
  );
}
