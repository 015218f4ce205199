import type { Problem } from '../core/problem.ts';
import type { FlowSelection } from '../engine/flows.ts';
import type { Host } from '../host/host.ts';
import { deleteFlows } from './delete-flows.ts';

export interface FlowSweeper {
  /** Asks for a sweep; of those asked for while one runs, only the last is done, since it knows best what is in force. */
  sweep(flows: FlowSelection): void;
  /** Why the last one failed; it is to be asked for again. */
  failure(): Problem | undefined;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}

/** Sweeps stale flows beside the passes: on a busy router that takes longer than a pass may. */
export function createFlowSweeper(
  { processes }: Host,
  onMoved: (flows: number) => void,
  onFailed: (problem: Problem) => void,
): FlowSweeper {
  let next: FlowSelection | undefined;
  let running: Promise<void> | undefined;
  let failure: Problem | undefined;
  const work = async (): Promise<void> => {
    while (next) {
      const flows = next;
      next = undefined;
      const result = await deleteFlows(processes, flows);
      failure = result.ok ? undefined : result.problem;
      if (!result.ok) onFailed(result.problem);
      else if (result.value > 0) onMoved(result.value);
    }
  };
  return {
    sweep(flows) {
      next = flows;
      running ??= work().finally(() => (running = undefined));
    },
    failure: () => failure,
    async idle() {
      await running;
    },
  };
}
