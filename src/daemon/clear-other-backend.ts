import { plan } from '../engine/plan.ts';
import type { Backend } from '../engine/config.ts';
import type { Step } from '../engine/step.ts';
import type { Host } from '../host/host.ts';
import { applySteps } from './apply-steps.ts';
import type { Log } from './log.ts';
import { observeChains } from './observe-chains.ts';
import { observeKernel } from './observe-kernel.ts';

/**
 * Takes away the rules that the other backend left, once those of this one stand: two that translate would be at odds at the next
 * change of the prefix. Where the other one's tool is not there, there is nothing of it.
 */
export async function clearOtherBackend(host: Host, backend: Backend, log: Log): Promise<void> {
  const seen = await (backend === 'ip6tables' ? observeKernel : observeChains)(host.processes);
  if (!seen.state.known) return;
  const { steps } = plan(seen.state, { tables: [], routes: [] }, []);
  const leftover = steps.filter(isRule);
  if (leftover.length === 0) return;
  const done = await applySteps(host, leftover, { chains: seen.chains && { saved: seen.chains } });
  if (done.ok) log.info(`the rules that the other backend had left are taken away (${backend} has them now)`);
  else log.warn(`rules of the other backend are left: ${done.problem.message}`);
}

/** Routes are the same with either. */
function isRule(step: Step): boolean {
  return ['remove-table', 'remove-detour', 'remove-program'].includes(step.do);
}
