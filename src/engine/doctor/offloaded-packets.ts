import type { Config } from '../config.ts';
import type { Packet } from '../firewall/judge-packet.ts';
import { establishedFlow } from './packets.ts';

/** What passes by the rules where flows are offloaded; none where they are not. */
export function offloadedPackets({ translations }: Config): readonly Packet[] {
  return translations
    .filter(({ offload }) => offload)
    .flatMap(({ network, uplink }) =>
      network.subnets.length === 0
        ? establishedFlow(undefined, uplink.interface, network.prefix)
        : network.subnets.flatMap((subnet) => establishedFlow(subnet.interface, uplink.interface, subnet.prefix)),
    );
}
