import { allCalls, explainMissing, missingCalls } from '../backend/ip6tables/calls.ts';
import { compileWantedChains } from '../backend/ip6tables/wanted-chains.ts';
import { statelessInterfaces } from '../backend/nft/guard-rules.ts';
import { findOffloaded } from '../backend/nft/flowtable.ts';
import { compileWanted } from '../backend/nft/wanted-tables.ts';
import type { Instant } from '../core/instant.ts';
import type { Problem } from '../core/problem.ts';
import type { Config } from '../engine/config.ts';
import type { Delegation } from '../engine/delegation.ts';
import { deriveDesired, type Desired } from '../engine/desired.ts';
import type { FlowSelection } from '../engine/flows.ts';
import type { WantedState } from '../engine/kernel-state.ts';
import type { Lingering } from '../engine/lingering.ts';
import { plan, type Plan } from '../engine/plan.ts';
import type { UplinkHealth } from '../engine/uplink-health.ts';
import { standsBy, type Role } from '../engine/role.ts';
import { standBySteps } from '../engine/stand-by-steps.ts';
import type { Host } from '../host/host.ts';
import { applySteps, type Applied } from './apply-steps.ts';
import type { PartSeen } from './kernel-view.ts';
import { observe } from './observe.ts';
import type { Observation } from './observe-kernel.ts';
import { readProgramObject, type ProgramObject } from './program-object.ts';

export interface Pass {
  readonly desired: Desired;
  readonly observation: Observation;
  readonly wanted: WantedState;
  readonly plan: Plan;
  /** Undefined where there was nothing to do or nothing was done. */
  readonly applied?: Applied;
  /** What others should do for the plan to have its effect. */
  readonly awaited: readonly Problem[];
  /** Why the plan was held or could not be carried out, or what of the configuration it leaves out. */
  readonly failure?: Problem;
}

/** What a decision is made from, besides the kernel. */
export interface Situation {
  readonly config: Config;
  readonly delegations: readonly Delegation[];
  readonly lingering?: readonly Lingering[];
  /** The moment it is made for; by default the moment it is made. */
  readonly now?: Instant;
  /** Which one of two routers this is. */
  readonly role?: Role | undefined;
  /** What is known of the uplinks as ways to the Internet, by name. */
  readonly health?: ReadonlyMap<string, UplinkHealth>;
}

/** What a pass may be given besides. */
export interface PassOptions {
  /** Stands in for a fresh look where nothing can have changed since. */
  readonly seen?: Observation | undefined;
  /** What of the kernel need not be read again. */
  readonly before?: PartSeen | undefined;
  /** See `applySteps`. */
  readonly later?: (flows: FlowSelection) => void;
  /** Where files are put for a moment; needed to change anything. */
  readonly runtimeDir?: string;
  /** Calls from built-in chains of ip6tables are made where they are missing. */
  readonly calling?: boolean;
}

/**
 * Compares what is with what should be. Where a translator is wanted that can't be made, the plan is that of a machine without:
 * the guard keeps inside what would need it.
 */
export async function planPass(
  host: Host,
  situation: Situation,
  { seen, before, calling }: PassOptions = {},
): Promise<Pass> {
  const stateless = statelessInterfaces(situation.config);
  const object = stateless.length > 0 ? await readProgramObject(host.files) : undefined;
  const observation = seen ?? (await observe(host.processes, situation.config, before));
  const pass = derivePass(host, situation, observation, object?.ok ? object.value : undefined, calling);
  return object?.ok === false && !pass.failure ? { ...pass, failure: object.problem } : pass;
}

function derivePass(
  host: Host,
  { config, delegations, lingering, role, now = host.clock.now(), health = new Map() }: Situation,
  observation: Observation,
  object: ProgramObject | undefined,
  calling = false,
): Pass {
  const standby = standsBy(role);
  const { chains, links, flowtables } = observation;
  const desired = deriveDesired(config, delegations, now, lingering, standby, {
    links: observation.uplinks,
    health,
    ...(flowtables && { offload: { flowtables, present: links.map(({ name }) => name) } }),
  });
  const networks = config.networks.map((network) => network.prefix);
  const wanted = chains
    ? compileWantedChains(desired, calling ? allCalls : chains.calls)
    : compileWanted(desired, { links, object: object?.fingerprint });
  const missing = chains ? missingCalls(chains.calls, wanted.tables) : [];
  const steps = plan(observation.state, wanted, networks);
  const awaited = calling ? [] : missing.map(explainMissing);
  const pass = { desired, observation, wanted, plan: steps, awaited };
  if (!steps.held) return standby ? { ...pass, plan: { held: false, steps: standBySteps(steps.steps) } } : pass;
  const code = observation.state.known ? 'kernel-unreadable' : (observation.state.code ?? 'kernel-unreadable');
  return { ...pass, failure: { code, message: steps.why } };
}

/** The same with no more of a flowtable than there is: no interface comes to it, and where there is none none is made. */
function keepOffload({ flowtables, ...observation }: Observation): Observation {
  const only = observation.state.known && flowtables && findOffloaded(observation.state.value.tables);
  return only ? { ...observation, flowtables: { taken: true, only } } : observation;
}

/** One pass: look, decide, change. */
export async function reconcile(host: Host, situation: Situation, options: PassOptions = {}): Promise<Pass> {
  const pass = await planPass(host, situation, options);
  const { later, runtimeDir = '/run/sixgate' } = options;
  const object = pass.wanted.stateless ? await readProgramObject(host.files) : undefined;
  const workshop = object?.ok ? { object: object.value, directory: runtimeDir } : undefined;
  const { chains: saved } = pass.observation;
  const calls = saved && options.calling ? missingCalls(saved.calls, pass.wanted.tables) : [];
  const apply = async ({ plan: { steps } }: Pass) => {
    if (steps.length === 0 && calls.length === 0) return undefined;
    const chains = saved && { saved, calls };
    return applySteps(host, steps, { ...(later && { later }), ...(workshop && { workshop }), chains });
  };
  const result = await apply(pass);
  if (!result) return pass;
  if (result.ok) return { ...pass, applied: result.value };
  // An interface may be gone by now. Whatever becomes of the flowtable, translation goes on.
  const kept = pass.desired.offload && keepOffload(pass.observation);
  const slower = kept && derivePass(host, situation, kept, object?.ok ? object.value : undefined, options.calling);
  const slowed = slower && (await apply(slower));
  if (slower && slowed?.ok !== false)
    return { ...slower, ...(slowed && { applied: slowed.value }), failure: result.problem };
  if (!pass.wanted.stateless) return { ...pass, failure: result.problem };
  // Whatever becomes of the translators, the guard has to stand.
  const without = derivePass(host, situation, pass.observation, undefined);
  const guarded = await apply(without);
  return { ...without, ...(guarded?.ok && { applied: guarded.value }), failure: result.problem };
}
