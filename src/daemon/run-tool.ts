import type { Problem } from '../core/problem.ts';
import { fail, type Result } from '../core/result.ts';
import type { Command, Output, Processes } from '../host/host.ts';

/** Runs a tool for which any exit code but 0 is a failure, and says what the tool said. */
export async function runTool(processes: Processes, command: Command): Promise<Result<Output>> {
  const result = await processes.run(command);
  if (!result.ok || result.value.code === 0) return result;
  return fail(toolProblem(command, result.value));
}

export function toolProblem(command: Command, { code, stderr }: Output): Problem {
  const said = stderr.trim().split('\n')[0] ?? '';
  if (/operation not permitted|permission denied/i.test(stderr)) {
    return {
      code: 'not-permitted',
      message: `${command.argv.slice(0, 3).join(' ')} is not permitted: ${said}`,
      mend: 'Run it as root, or with CAP_NET_ADMIN.',
    };
  }
  return {
    code: 'apply-failed',
    message: `${command.argv.slice(0, 3).join(' ')} ended with exit code ${code}: ${said || 'it said nothing'}`,
  };
}
