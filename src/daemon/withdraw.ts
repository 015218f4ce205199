import { nothingWanted } from '../backend/nft/wanted-tables.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { plan } from '../engine/plan.ts';
import type { Host } from '../host/host.ts';
import { applySteps } from './apply-steps.ts';
import { observeKernel } from './observe-kernel.ts';

/** Takes away everything of ours that stays in the kernel: the number of steps it took. */
export async function withdraw(host: Host): Promise<Result<number>> {
  const { state } = await observeKernel(host.processes);
  if (!state.known) return fail({ code: state.code ?? 'kernel-unreadable', message: state.why });
  const { steps } = plan(state, nothingWanted, []);
  const applied = await applySteps(host, steps);
  return applied.ok ? succeed(steps.length) : applied;
}
