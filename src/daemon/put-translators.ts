import { compileProgram } from '../backend/bpf/compile-program.ts';
import { compileDetours } from '../backend/bpf/detours.ts';
import { addHooks, deleteFilter, replaceFilter, splitName } from '../backend/bpf/filters.ts';
import type { Problem } from '../core/problem.ts';
import type { Result } from '../core/result.ts';
import type { ProgramContent } from '../engine/stateless.ts';
import type { Step } from '../engine/step.ts';
import type { Host } from '../host/host.ts';
import { changeWith } from './change-with.ts';
import type { ProgramObject } from './program-object.ts';
import { filterCommand, routeCommand } from './waiting-commands.ts';

/** What programs are made from and where their files are while they are loaded. */
export interface Workshop {
  readonly object: ProgramObject;
  readonly directory: string;
}

/** Makes detours and loads programs. What failed, as `program-refused` where the kernel or tc did not take it. */
export async function putTranslators(
  { processes, files }: Host,
  steps: readonly Step[],
  workshop: Workshop | undefined,
): Promise<Problem | undefined> {
  const detours = compileDetours(steps.slice(0, detoursMade(steps)));
  if (detours.length > 0) {
    const done = await changeWith(processes, { argv: routeCommand, input: `${detours.join('\n')}\n` });
    if (!done.ok) return refused(done.problem);
  }
  const loads = steps.flatMap((step) => (step.do === 'load-program' ? [step] : []));
  if (loads.length === 0 || !workshop) return undefined;
  const written: string[] = [];
  try {
    const ready = await files.makeDirectory(workshop.directory);
    if (!ready.ok) return ready.problem;
    const put = await Promise.all(
      loads.map(async ({ program }) => {
        const compiled = compile(workshop.object, program.content);
        if (!compiled.ok) return compiled;
        const path = `${workshop.directory}/${splitName(program.name).file}`;
        written.push(path);
        return files.write(path, compiled.value, 0o600);
      }),
    );
    for (const each of put) if (!each.ok) return each.problem;
    const hooks = new Set(loads.flatMap(({ program, replaces }) => (replaces ? [] : [addHooks(program.device)])));
    const lines = [...hooks, ...loads.map(({ program }) => replaceFilter(program, workshop.directory))];
    const done = await changeWith(processes, { argv: filterCommand, input: `${lines.join('\n')}\n` });
    return done.ok ? undefined : refused(done.problem);
  } finally {
    await Promise.all(written.map((path) => files.remove(path)));
  }
}

/** After how many steps all detours are made: what is removed by then makes room for them. */
function detoursMade(steps: readonly Step[]): number {
  return steps.findLastIndex((step) => step.do === 'make-detour') + 1;
}

function compile({ bytes, large }: ProgramObject, content: ProgramContent): Result<Uint8Array> {
  const compiled = compileProgram(bytes, content);
  return !compiled.ok && compiled.problem.code === 'program-full' && large ? compileProgram(large, content) : compiled;
}

/** Takes away what is no longer wanted: the last thing, when nothing goes that way any more. */
export async function removeTranslators({ processes }: Host, steps: readonly Step[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  const filters = steps.flatMap((step) => (step.do === 'remove-program' ? [deleteFilter(step.program)] : []));
  const detours = compileDetours(steps.slice(detoursMade(steps)));
  for (const [argv, lines] of [
    [filterCommand, filters],
    [routeCommand, detours],
  ] as const) {
    if (lines.length === 0) continue;
    const done = await changeWith(processes, { argv, input: `${lines.join('\n')}\n` });
    if (!done.ok) problems.push(done.problem);
  }
  return problems;
}

/** What ip and tc say of an interface that went while they were called: it comes back, or nothing is wanted on it any more. */
const deviceGone = /Cannot find device|No such device/;

function refused(problem: Problem): Problem {
  if (problem.code !== 'apply-failed' && problem.code !== 'not-permitted') return problem;
  if (deviceGone.test(problem.message)) return problem;
  return {
    code: 'program-refused',
    message: `the translator of mode rfc6296 could not be put in force: ${problem.message}`,
    mend: 'Where the configuration has only now got this mode, the packaged service has the rights after "systemctl daemon-reload && systemctl restart sixgate". It needs root, or CAP_BPF, CAP_PERFMON and a /sys/fs/bpf that tc can use, Linux 5.16 with ifb, cls_bpf and clsact, and a tc with libbpf ("tc -V").',
  };
}
