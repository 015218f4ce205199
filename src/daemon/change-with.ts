import type { Result } from '../core/result.ts';
import type { Command, Output, Processes } from '../host/host.ts';
import { runTool } from './run-tool.ts';

/** Runs a tool that changes the kernel. A Ctrl-C does not end it: whether it had done its work by then, nobody could tell. */
export function changeWith(processes: Processes, command: Command): Promise<Result<Output>> {
  return runTool(processes, { ...command, ownSession: true });
}
