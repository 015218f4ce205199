import { explainMissing, missingCalls } from '../backend/ip6tables/calls.ts';
import type { Problem } from '../core/problem.ts';
import { observeChains } from '../daemon/observe-chains.ts';
import { compileWantedChains } from '../backend/ip6tables/wanted-chains.ts';
import { deriveDesired } from '../engine/desired.ts';
import type { Config } from '../engine/config.ts';
import type { Processes } from '../host/host.ts';

/** What of the chains of this configuration nobody calls on this machine; nothing where that cannot be read. */
export async function listMissingCalls(processes: Processes, config: Config): Promise<readonly Problem[]> {
  if (config.backend !== 'ip6tables') return [];
  const { chains } = await observeChains(processes);
  if (!chains) return [];
  const { tables } = compileWantedChains(deriveDesired(config, [], 0), chains.calls);
  return missingCalls(chains.calls, tables).map(explainMissing);
}
