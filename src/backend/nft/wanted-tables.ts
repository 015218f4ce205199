import { formatPrefix } from '../../core/prefix.ts';
import type { Desired } from '../../engine/desired.ts';
import { mappingsOn } from '../../engine/mapping.ts';
import type { WantedState } from '../../engine/kernel-state.ts';
import type { Detour } from '../../engine/stateless.ts';
import { compileWantedStateless, type Machine } from '../bpf/wanted-stateless.ts';
import { steeringRules, uplinkTables } from '../route/steering-routes.ts';
import { detourTable } from './detour-table.ts';
import { guardTable, nativePrefixes } from './guard-table.ts';
import { compileTable } from './table.ts';
import { translateTable } from './translate-table.ts';

/** A machine of which nothing is known: what needs to know is not wanted. */
const unknownMachine: Machine = { links: [], object: undefined };

/** What should be in force, in the kernel's words. */
export function compileWanted(desired: Desired, machine: Machine = unknownMachine): WantedState {
  const { config } = desired;
  const stateless = compileWantedStateless(desired, machine);
  const { detours } = stateless;
  const rules = steeringRules(desired);
  const native = config.translations.flatMap((each) => (each.native ? [each.network.prefix] : []));
  return {
    tables: [
      compileTable(guardTable(config, { detours, natives: nativePrefixes(desired) }, desired.steering?.ways)),
      ...(detours.length > 0 ? [compileTable(detourTable(config, detours))] : []),
      compileTable(translateTable(desired)),
    ],
    routes: [
      ...new Set([
        ...desired.unreachable.map(formatPrefix),
        ...hairpinRoutes(desired, detours),
        ...uplinkTables(desired),
      ]),
    ].sort(),
    ...(rules.size > 0 && { rules: [...rules.keys()].sort(), reasons: rules }),
    ...(stateless.networks.length > 0 && { stateless }),
    ...(native.length > 0 && { native }),
  };
}

function hairpinRoutes({ config, mappings }: Desired, detours: readonly Detour[]): string[] {
  return config.translations.flatMap(({ hairpin, uplink, mode }) => {
    const detour = detours.find((each) => each.uplink === uplink.interface);
    if (!hairpin || !detour || mode !== 'rfc6296') return [];
    return mappingsOn(mappings, uplink.name).map(({ outside }) => `${formatPrefix(outside)} dev ${detour.name}`);
  });
}

/** Nothing of ours: what `--withdraw` leaves behind. */
export const nothingWanted: WantedState = { tables: [], routes: [] };
