import { compileScript } from '../backend/nft/compile-script.ts';
import { compileRestore } from '../backend/ip6tables/compile-restore.ts';
import { planPass } from '../daemon/reconcile.ts';
import type { FlowSelection } from '../engine/flows.ts';
import type { Step } from '../engine/step.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { printProblem } from './print-problem.ts';
import { readSituation } from './read-situation.ts';
import { showProgress } from './show-progress.ts';
import { dataColors, printData } from './terminal.ts';

export async function printPlan(globals: GlobalOptions, options: { nft?: true }): Promise<number> {
  const situation = await readSituation(globals);
  if (typeof situation === 'number') return situation;
  if (situation.instead) printProblem(situation.instead);
  const pass = await showProgress('looking at the kernel', planPass(systemHost, situation));
  if (pass.failure) return printProblem(pass.failure);
  for (const problem of pass.desired.problems) if (problem.code === 'offload-missing') printProblem(problem);
  const { steps } = pass.plan;
  if (globals.json) printData(`${JSON.stringify({ schemaVersion: 1, steps: steps.map(stepForJson) }, undefined, 2)}\n`);
  else if (options.nft) {
    const { chains } = pass.observation;
    printData(chains ? (compileRestore(steps, chains) ?? '') : (compileScript(steps) ?? ''));
  } else printData(formatSteps(steps));
  return steps.length === 0 ? exitCodes.done : exitCodes.no;
}

/** One line a step: what and why. */
export function formatSteps(steps: readonly Step[], colors = dataColors()): string {
  if (steps.length === 0) return 'nothing to do: the kernel is as it should be\n';
  const what = steps.map(describe);
  const width = Math.max(...what.map((text) => text.length));
  return steps.map((step, index) => `${what[index]!.padEnd(width)}  ${colors.dim(step.because)}\n`).join('');
}

function describe(step: Step): string {
  switch (step.do) {
    case 'add-route':
      return `+ route ${step.prefix}`;
    case 'remove-route':
      return `- route ${step.prefix}`;
    case 'add-rule':
      return `+ rule ${step.rule}`;
    case 'remove-rule':
      return `- rule ${step.rule}`;
    case 'install-table':
      return `${step.replaces ? '~' : '+'} table ${step.table.key}`;
    case 'remove-table':
      return `- table ${step.table}`;
    case 'change-elements':
      return `~ ${step.changes.map(({ set }) => set).join(', ')} in ${step.table}`;
    case 'make-detour':
      return `+ detour ${step.detour.name} beside ${step.detour.uplink}`;
    case 'remove-detour':
      return `- detour ${step.name}`;
    case 'load-program':
      return `${step.replaces ? '~' : '+'} translator on ${step.program.device} ${step.program.hook}`;
    case 'remove-program':
      return `- translator on ${step.program.device} ${step.program.hook}`;
    case 'delete-flows':
      return `- ${describeFlows(step.flows)}`;
  }
}

function describeFlows(flows: FlowSelection): string {
  switch (flows.which) {
    case 'stale':
      return 'stale flows';
    case 'towards':
      return `flows towards ${flows.outside}`;
    case 'translated-from':
      return `flows of ${flows.inside}`;
    case 'on-uplink':
      return `flows on ${flows.uplink}`;
  }
}

function stepForJson(step: Step): object {
  if (step.do === 'install-table')
    return { do: step.do, table: step.table.key, replaces: step.replaces, because: step.because };
  if (step.do === 'load-program') {
    const { device, hook, name } = step.program;
    return { do: step.do, program: { device, hook, name }, replaces: step.replaces, because: step.because };
  }
  if (step.do === 'delete-flows') {
    const flows = step.flows.which === 'stale' ? { which: 'stale' } : step.flows;
    return { do: step.do, flows, because: step.because };
  }
  return step;
}
