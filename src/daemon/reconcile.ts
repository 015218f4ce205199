import { compileWanted } from '../backend/nft/wanted-tables.ts';
import type { Problem } from '../core/problem.ts';
import type { Config } from '../engine/config.ts';
import type { Delegation } from '../engine/delegation.ts';
import { deriveDesired, type Desired } from '../engine/desired.ts';
import type { Lingering } from '../engine/lingering.ts';
import { plan, type Plan } from '../engine/plan.ts';
import type { FlowSelection } from '../engine/flows.ts';
import { standsBy, type Role } from '../engine/role.ts';
import { standBySteps } from '../engine/stand-by-steps.ts';
import type { Host } from '../host/host.ts';
import { applySteps, type Applied } from './apply-steps.ts';
import { observeKernel, type Observation } from './observe-kernel.ts';

export interface Pass {
  readonly desired: Desired;
  readonly observation: Observation;
  readonly plan: Plan;
  /** Undefined where there was nothing to do or nothing was done. */
  readonly applied?: Applied;
  /** Why the plan was held or could not be carried out. */
  readonly failure?: Problem;
}

/** What a decision is made from, besides the kernel. */
export interface Situation {
  readonly config: Config;
  readonly delegations: readonly Delegation[];
  readonly lingering?: readonly Lingering[];
  /** Which one of two routers this is. */
  readonly role?: Role | undefined;
}

/** Compares what is with what should be. `seen` stands in for a fresh look where nothing can have changed since. */
export async function planPass(host: Host, situation: Situation, seen?: Observation): Promise<Pass> {
  const { config, delegations, lingering } = situation;
  const standby = standsBy(situation.role);
  const desired = deriveDesired(config, delegations, host.clock.now(), lingering, standby);
  const observation = seen ?? (await observeKernel(host.processes));
  const networks = config.networks.map((network) => network.prefix);
  const steps = plan(observation.state, compileWanted(desired), networks);
  if (!steps.held) {
    return { desired, observation, plan: standby ? { held: false, steps: standBySteps(steps.steps) } : steps };
  }
  const code = observation.state.known ? 'kernel-unreadable' : (observation.state.code ?? 'kernel-unreadable');
  return { desired, observation, plan: steps, failure: { code, message: steps.why } };
}

/** One pass: look, decide, change. `later`: see `applySteps`. */
export async function reconcile(
  host: Host,
  situation: Situation,
  seen?: Observation,
  later?: (flows: FlowSelection) => void,
): Promise<Pass> {
  const pass = await planPass(host, situation, seen);
  if (pass.plan.steps.length === 0) return pass;
  const result = await applySteps(host.processes, pass.plan.steps, later);
  return result.ok ? { ...pass, applied: result.value } : { ...pass, failure: result.problem };
}
