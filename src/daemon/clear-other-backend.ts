import { parseSave, saveCommand, type SavedChains } from '../backend/ip6tables/parse-save.ts';
import { plan } from '../engine/plan.ts';
import type { Backend } from '../engine/config.ts';
import type { KernelState, Read } from '../engine/kernel-state.ts';
import type { Step } from '../engine/step.ts';
import type { Host, Processes } from '../host/host.ts';
import { applySteps } from './apply-steps.ts';
import type { Log } from './log.ts';
import { observeKernel } from './observe-kernel.ts';
import { read } from './read-tool.ts';

/**
 * Takes away the rules that the other backend left, once those of this one stand: two that translate would be at odds at the next
 * change of the prefix. Where the other one's tool is not there, there is nothing of it.
 */
export async function clearOtherBackend(host: Host, backend: Backend, log: Log): Promise<void> {
  const seen = await (backend === 'ip6tables' ? observeKernel : readChains)(host.processes);
  if (!seen.state.known) return;
  const { steps } = plan(seen.state, { tables: [], routes: [] }, []);
  const leftover = steps.filter(isRule);
  if (leftover.length === 0) return;
  const done = await applySteps(host, leftover, { chains: seen.chains && { saved: seen.chains } });
  if (done.ok) log.info(`the rules that the other backend had left are taken away (${backend} has them now)`);
  else log.warn(`rules of the other backend are left: ${done.problem.message}`);
}

/** At every start with nftables, so no more than what is needed is looked at. */
async function readChains(
  processes: Processes,
): Promise<{ readonly state: Read<KernelState>; readonly chains?: SavedChains }> {
  const saved = await read(processes, saveCommand, parseSave);
  if (!saved.known) return { state: saved };
  return { state: { known: true, value: { tables: saved.value.tables, routes: [] } }, chains: saved.value };
}

/** Routes are the same with either. */
function isRule(step: Step): boolean {
  return ['remove-table', 'remove-detour', 'remove-program'].includes(step.do);
}
