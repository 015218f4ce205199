import { changesChains } from '../backend/ip6tables/compile-restore.ts';
import { nothingWanted } from '../backend/nft/wanted-tables.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Backend } from '../engine/config.ts';
import { plan } from '../engine/plan.ts';
import type { Step } from '../engine/step.ts';
import type { Host } from '../host/host.ts';
import { applySteps } from './apply-steps.ts';
import { observeChains } from './observe-chains.ts';
import { observeKernel, type Observation } from './observe-kernel.ts';

/**
 * Takes away everything of ours that stays in the kernel, of either backend: the number of steps it took. What another one than
 * that of the configuration left behind may be unreadable; then there is nothing to be done about it.
 */
export async function withdraw(host: Host, backend: Backend = 'nftables'): Promise<Result<number>> {
  const [tables, chains] = await Promise.all([observeKernel(host.processes), observeChains(host.processes)]);
  const { state } = backend === 'ip6tables' ? chains : tables;
  if (!state.known) return fail({ code: state.code ?? 'kernel-unreadable', message: state.why });
  const stepsOf = (seen: Observation): readonly Step[] => plan(seen.state, nothingWanted, []).steps;
  const saved = chains.chains;
  // Routes are in both.
  const steps = tables.state.known ? [...stepsOf(tables), ...stepsOf(chains).filter(changesChains)] : stepsOf(chains);
  const applied = await applySteps(host, steps, { chains: saved && { saved } });
  return applied.ok ? succeed(steps.length) : applied;
}
