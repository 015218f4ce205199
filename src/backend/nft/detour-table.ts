import { fingerprint } from '../../core/fingerprint.ts';
import type { Config } from '../../engine/config.ts';
import type { Detour } from '../../engine/stateless.ts';
import { matchQuickly, networksSet } from './match-networks.ts';
import type { Table } from './table.ts';

/**
 * The part of the guard behind routing: on the egress of an uplink with stateless translation every packet that has to be
 * translated goes into the detour. Where the detour or the program on it is missing, that is the end of it.
 */
export function detourTable(config: Config, detours: readonly Detour[], name = 'sixgate_guard'): Table {
  const inside = config.networks.map(({ prefix }) => prefix);
  return {
    family: 'netdev',
    name,
    purpose: 'it sends what is to be translated through the translator, or nowhere',
    sets: networksSet(inside),
    counters: [],
    chains: detours.map(({ name: detour, uplink }) => ({
      // Interfaces have names that nft does not take.
      name: `leave_${fingerprint(uplink)}`,
      hook: { type: 'filter', hook: 'egress', device: uplink, priority: 0 },
      rules: [
        ...matchQuickly('saddr', inside).map((match) => ({
          text: `${match} meta protocol ip6 fwd to "${detour}"`,
          why: `inside to outside, ${uplink}`,
        })),
        {
          text: `icmpv6 type 1-4 fwd to "${detour}"`,
          why: `errors quote inside addresses, also those that the router makes, ${uplink}`,
        },
      ],
    })),
  };
}
