import { compileScript } from '../backend/nft/compile-script.ts';
import { compileRoutes } from '../backend/route/routes.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { FlowSelection } from '../engine/flows.ts';
import type { Step } from '../engine/step.ts';
import type { Processes } from '../host/host.ts';
import { deleteFlows } from './delete-flows.ts';
import { runTool } from './run-tool.ts';

export interface Applied {
  /** Conntrack entries that were deleted, so that their flows start anew. */
  readonly flowsMoved: number;
  /** What was left undone after the change itself was in force: routes not removed, flows not deleted. */
  readonly leftovers: readonly Problem[];
}

/**
 * Carries out the steps of a plan: new routes, all of nftables in one transaction, old routes, flows. Where routes
 * or the transaction fail, the kernel is as it was before. `later` takes the sweep of stale flows, which reads the whole
 * connection table; without it the sweep is done here.
 */
export async function applySteps(
  processes: Processes,
  steps: readonly Step[],
  later?: (flows: FlowSelection) => void,
): Promise<Result<Applied>> {
  const added = compileRoutes(steps, 'add-route');
  if (added !== undefined) {
    const result = await batch(processes, added);
    if (!result.ok) return undo(processes, steps, result.problem);
  }
  const script = compileScript(steps);
  if (script !== undefined) {
    const result = await runTool(processes, { argv: ['nft', '-f', '-'], input: script, mutates: true });
    if (!result.ok) return undo(processes, steps, result.problem);
  }
  const leftovers: Problem[] = [];
  const removed = compileRoutes(steps, 'remove-route');
  if (removed !== undefined) {
    const result = await batch(processes, removed);
    if (!result.ok) leftovers.push(result.problem);
  }
  let flowsMoved = 0;
  for (const step of steps) {
    if (step.do !== 'delete-flows') continue;
    if (later && step.flows.which === 'stale') {
      later(step.flows);
      continue;
    }
    const result = await deleteFlows(processes, step.flows);
    if (result.ok) flowsMoved += result.value;
    else leftovers.push(result.problem);
  }
  return succeed({ flowsMoved, leftovers });
}

/** The routes of these steps were not there before, so taking them away leaves what was. */
async function undo(processes: Processes, steps: readonly Step[], problem: Problem): Promise<Result<never>> {
  const added = steps.flatMap((step) => (step.do === 'add-route' ? [{ ...step, do: 'remove-route' as const }] : []));
  const script = compileRoutes(added, 'remove-route');
  if (script !== undefined) await batch(processes, script);
  return fail(problem);
}

function batch(processes: Processes, lines: string) {
  return runTool(processes, { argv: ['ip', '-6', '-force', '-batch', '-'], input: lines, mutates: true });
}
