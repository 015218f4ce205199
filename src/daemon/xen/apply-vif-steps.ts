import { compileFilter, compileGiving, compileSettings, compileTaking } from '../../backend/xen/compile-vif-steps.ts';
import type { Problem } from '../../core/problem.ts';
import type { VifStep } from '../../engine/xen/vif-step.ts';
import type { Processes } from '../../host/host.ts';
import { runTool } from '../run-tool.ts';
import { toolTimeout } from './tool-timeout.ts';

/** Where it stopped: `filter` means that nothing keeps the guest from forging sources. */
export interface VifFailure {
  readonly at: 'filter' | 'giving';
  readonly problem: Problem;
}

/** The filter, then settings, then addresses, routes and proxies; at last what goes. Undefined where all is done. */
export async function applyVifSteps(processes: Processes, steps: readonly VifStep[]): Promise<VifFailure | undefined> {
  const filter = compileFilter(steps);
  if (filter !== undefined) {
    const done = await runTool(processes, { argv: ['nft', '-f', '-'], input: filter, timeout: toolTimeout });
    if (!done.ok) return { at: 'filter', problem: done.problem };
  }
  const settings = compileSettings(steps);
  if (settings.length > 0) {
    const argv = ['sysctl', '-q', '-w', ...settings] as const;
    const done = await runTool(processes, { argv, timeout: toolTimeout });
    if (!done.ok) return { at: 'giving', problem: done.problem };
  }
  const giving = compileGiving(steps);
  if (giving !== undefined) {
    const argv = ['ip', '-6', '-batch', '-'] as const;
    const done = await processes.run({ argv, input: giving, timeout: toolTimeout });
    if (!done.ok) return { at: 'giving', problem: done.problem };
    if (done.value.code !== 0) return { at: 'giving', problem: batchProblem(giving, done.value.stderr) };
  }
  await takeAway(processes, steps);
  return undefined;
}

/** Takes away what may be gone already; that it is there afterwards nobody would gain from knowing now. */
export async function takeAway(processes: Processes, steps: readonly VifStep[]): Promise<void> {
  const taking = compileTaking(steps);
  if (taking === undefined) return;
  await processes.run({ argv: ['ip', '-6', '-force', '-batch', '-'], input: taking, timeout: toolTimeout });
}

/** `ip -batch` names the line that failed; a reader wants to see what it said. */
function batchProblem(script: string, stderr: string): Problem {
  const line = /Command failed -:(\d+)/.exec(stderr)?.[1];
  const command = line === undefined ? undefined : script.split('\n')[Number(line) - 1];
  const said = stderr
    .split('\n')
    .find((each) => each.trim() !== '' && !each.startsWith('Command failed'))
    ?.trim();
  return {
    code: 'apply-failed',
    message: `ip -6 ${command ?? '-batch'} failed: ${said ?? 'it said nothing'}`,
  };
}
