import { askForFlowtable, findOffloaded } from '../backend/nft/flowtable.ts';
import { statelessInterfaces } from '../backend/nft/guard-table.ts';
import type { Config } from '../engine/config.ts';
import { offloadInterfaces, type FlowtableAnswer } from '../engine/offload.ts';
import { routedUplinks, watchedUplinks } from '../engine/routing.ts';
import type { Processes } from '../host/host.ts';
import type { PartSeen } from './kernel-view.ts';
import { observeChains } from './observe-chains.ts';
import { observeKernel, type Observation } from './observe-kernel.ts';
import { runTool } from './run-tool.ts';

/** Reads what is ours with the tools of the backend that the configuration names. `before`: see `observeKernel`. */
export async function observe(processes: Processes, config: Config, before?: PartSeen): Promise<Observation> {
  const watched = {
    interfaces: watchedUplinks(config).map((uplink) => uplink.interface),
    tables: routedUplinks(config).map(({ table }) => table),
  };
  if (config.backend === 'ip6tables') return observeChains(processes, watched);
  const seen = await observeKernel(processes, statelessInterfaces(config), watched, before);
  const flowtables = await askForFlowtables(processes, config, seen);
  return { ...seen, ...(flowtables && { flowtables }) };
}

/** Only the kernel itself knows, and only with its modules; one that has ours has answered already. */
async function askForFlowtables(
  processes: Processes,
  config: Config,
  { state }: Observation,
): Promise<FlowtableAnswer | undefined> {
  if (!state.known || offloadInterfaces(config).length === 0) return undefined;
  if (findOffloaded(state.value.tables)) return { taken: true };
  const asked = await runTool(processes, askForFlowtable);
  return asked.ok ? { taken: true } : { taken: false, why: asked.problem.message };
}
