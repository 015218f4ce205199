import type { Problem } from '../core/problem.ts';
import type { FlowSelection } from '../engine/flows.ts';
import type { Processes } from '../host/host.ts';
import { deleteFlows } from './delete-flows.ts';

export interface FlowSweeper {
  /** Asks for a sweep; of those asked for while one runs, only the last is done, since it knows best what is in force. */
  sweep(flows: FlowSelection): void;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}

/** Sweeps stale flows beside the passes: on a busy router that takes longer than a pass may. */
export function createFlowSweeper(
  processes: Processes,
  onMoved: (flows: number) => void,
  onProblem: (problem: Problem) => void,
): FlowSweeper {
  let next: FlowSelection | undefined;
  let running: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    while (next) {
      const flows = next;
      next = undefined;
      const result = await deleteFlows(processes, flows);
      if (!result.ok) onProblem(result.problem);
      else if (result.value > 0) onMoved(result.value);
    }
  };
  return {
    sweep(flows) {
      next = flows;
      running ??= work().finally(() => (running = undefined));
    },
    async idle() {
      await running;
    },
  };
}
