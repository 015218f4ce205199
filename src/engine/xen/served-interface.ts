import { describeVif } from './vif.ts';
import type { VifState } from './vif-state.ts';

/** A guest's interface as status shows it: what it was given when it came. */
export interface ServedInterface {
  /** As in "interface 0 of web1". */
  readonly what: string;
  readonly device: string;
  /** The key of its entry in the configuration, null where it has none. */
  readonly entry: string | null;
  /** Whether packets with a forged source are dropped. */
  readonly filtered: boolean;
  /** Dom0's addresses on it, the guest's gateways. */
  readonly gateways: readonly string[];
  /** Prefixes that are routed to the guest. */
  readonly prefixes: readonly string[];
  /** Why it has not got what the configuration says. */
  readonly problem: string | null;
}

/** In the order of the interfaces' names in Dom0. */
export function servedInterfaces(states: readonly VifState[]): readonly ServedInterface[] {
  return states
    .map(({ vif, entry, filtered, addresses, routes, problem }) => ({
      what: describeVif(vif),
      device: vif.device,
      entry: entry ?? null,
      filtered,
      gateways: addresses,
      prefixes: routes.map(({ prefix }) => prefix),
      problem: problem ?? null,
    }))
    .sort((one, other) => one.device.localeCompare(other.device, 'en', { numeric: true }));
}
