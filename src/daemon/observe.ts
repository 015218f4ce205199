import { statelessInterfaces } from '../backend/nft/guard-table.ts';
import type { Config } from '../engine/config.ts';
import { routedUplinks, watchedUplinks } from '../engine/routing.ts';
import type { Processes } from '../host/host.ts';
import { observeChains } from './observe-chains.ts';
import { observeKernel, type Observation } from './observe-kernel.ts';

/** Reads what is ours with the tools of the backend that the configuration names. */
export function observe(processes: Processes, config: Config): Promise<Observation> {
  const watched = {
    interfaces: watchedUplinks(config).map((uplink) => uplink.interface),
    tables: routedUplinks(config).map(({ table }) => table),
  };
  if (config.backend === 'ip6tables') return observeChains(processes, watched);
  return observeKernel(processes, statelessInterfaces(config), watched);
}
