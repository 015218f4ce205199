import type { Problem } from '../../core/problem.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Processes } from '../../host/host.ts';
import { runTool } from '../run-tool.ts';

/** What a tool prints, read; unknown where it fails. */
export async function readFact<T>(
  processes: Processes,
  argv: readonly [string, ...string[]],
  parse: (text: string) => Read<T>,
): Promise<Read<T>> {
  const output = await runTool(processes, { argv });
  return output.ok ? parse(output.value.stdout) : unknownFact(output.problem);
}

export function unknownFact({ message, code }: Problem): { known: false; why: string } & Pick<Problem, 'code'> {
  return { known: false, why: message, code };
}

export function knownFact<T>(value: T): Read<T> {
  return { known: true, value };
}
