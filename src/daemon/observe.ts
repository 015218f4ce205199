import { askForFlowtable, findOffloaded } from '../backend/nft/flowtable.ts';
import { statelessInterfaces } from '../backend/nft/guard-rules.ts';
import type { Config } from '../engine/config.ts';
import type { Read, TableState } from '../engine/kernel-state.ts';
import { offloadInterfaces, type FlowtableAnswer } from '../engine/offload.ts';
import { routedUplinks, watchedUplinks } from '../engine/routing.ts';
import type { Processes } from '../host/host.ts';
import type { PartSeen } from './kernel-view.ts';
import { observeChains } from './observe-chains.ts';
import { nothing, observeKernel, type Observation } from './observe-kernel.ts';
import { runTool } from './run-tool.ts';

/** Reads what is ours with the tools of the backend that the configuration names. `before`: see `observeKernel`. */
export async function observe(processes: Processes, config: Config, before?: PartSeen): Promise<Observation> {
  const watched = {
    interfaces: watchedUplinks(config).map((uplink) => uplink.interface),
    tables: routedUplinks(config).map(({ table }) => table),
  };
  if (config.backend === 'ip6tables') return observeChains(processes, watched);
  const seen = await observeKernel(processes, statelessInterfaces(config), watched, before);
  if (!seen.state.known || offloadInterfaces(config).length === 0) return seen;
  const flowtables = await askForFlowtables(processes, seen.state.value.tables);
  return flowtables.known ? { ...seen, flowtables: flowtables.value } : nothing(flowtables);
}

/** Only the kernel itself knows, and only with its modules; one that has ours has answered already. */
async function askForFlowtables(processes: Processes, tables: readonly TableState[]): Promise<Read<FlowtableAnswer>> {
  if (findOffloaded(tables)) return { known: true, value: { taken: true } };
  const asked = await runTool(processes, askForFlowtable);
  if (asked.ok) return { known: true, value: { taken: true } };
  const { code, message } = asked.problem;
  return code === 'apply-failed'
    ? { known: true, value: { taken: false, why: message } }
    : { known: false, why: message, code };
}
