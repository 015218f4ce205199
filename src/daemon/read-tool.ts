import type { Read } from '../engine/kernel-state.ts';
import type { Result } from '../core/result.ts';
import type { Command, Output, Processes } from '../host/host.ts';
import { toolProblem } from './run-tool.ts';

/** Runs a tool and reads what it prints; unknown where it failed or was not understood. */
export async function read<T>(
  processes: Processes,
  argv: readonly [string, ...string[]],
  parse: (text: string) => Read<T>,
): Promise<Read<T>> {
  return judgeOutput(await processes.run({ argv }), { argv }, parse);
}

export function judgeOutput<T>(output: Result<Output>, command: Command, parse: (text: string) => Read<T>): Read<T> {
  if (output.ok && output.value.code === 0) return parse(output.value.stdout);
  const { code, message } = output.ok ? toolProblem(command, output.value) : output.problem;
  return { known: false, why: message, code: code === 'apply-failed' ? 'kernel-unreadable' : code };
}
