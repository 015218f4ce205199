import { nothingWanted } from '../backend/nft/wanted-tables.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Backend } from '../engine/config.ts';
import { plan } from '../engine/plan.ts';
import type { Host } from '../host/host.ts';
import { applySteps } from './apply-steps.ts';
import { observeChains } from './observe-chains.ts';
import { observeKernel } from './observe-kernel.ts';

/**
 * Takes away everything of ours that stays in the kernel, of either backend: the number of steps it took. What another one than
 * that of the configuration left behind may be unreadable; then there is nothing to be done about it.
 */
export async function withdraw(host: Host, backend: Backend = 'nftables'): Promise<Result<number>> {
  let count = 0;
  for (const other of ['nftables', 'ip6tables'] as const) {
    const { state, chains } = await (other === 'ip6tables' ? observeChains : observeKernel)(host.processes);
    if (!state.known) {
      if (other !== backend) continue;
      return fail({ code: state.code ?? 'kernel-unreadable', message: state.why });
    }
    const { steps } = plan(state, nothingWanted, []);
    const applied = await applySteps(host, steps, { chains: chains && { saved: chains } });
    if (!applied.ok) return applied;
    count += steps.length;
  }
  return succeed(count);
}
