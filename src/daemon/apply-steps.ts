import type { Call } from '../core/ip6tables-calls.ts';
import { changesChains, compileBackup, compileRestore, restoreCommand } from '../backend/ip6tables/compile-restore.ts';
import type { SavedChains } from '../backend/ip6tables/parse-save.ts';
import { compileScript } from '../backend/nft/compile-script.ts';
import { compileRules } from '../backend/route/rules.ts';
import { compileRoutes } from '../backend/route/routes.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { FlowSelection } from '../engine/flows.ts';
import type { Step } from '../engine/step.ts';
import type { Host, Processes } from '../host/host.ts';
import { changeWith } from './change-with.ts';
import { deleteFlows } from './delete-flows.ts';
import { putTranslators, removeTranslators, type Workshop } from './put-translators.ts';
import { routeCommand, transactionCommand } from './waiting-commands.ts';

export interface Applied {
  /** Conntrack entries that were deleted, so that their flows start anew. */
  readonly flowsMoved: number;
  /** What was left undone after the change itself was in force: routes not removed, flows not deleted. */
  readonly leftovers: readonly Problem[];
}

export interface ApplyOptions {
  readonly later?: (flows: FlowSelection) => void;
  readonly workshop?: Workshop;
  readonly chains?: ChainsOptions | undefined;
}

/** With backend ip6tables. */
export interface ChainsOptions {
  /** What the plan was made from. */
  readonly saved: SavedChains;
  /** Made in the same go; as a rule they are the admin's business. */
  readonly calls?: readonly Call[];
}

/**
 * Carries out the steps of a plan: translators, new routes, all rules in one go, old routes, flows. Where routes
 * or the transaction fail, they are as they were before; translators may know more already, which the next plan puts right. `later` takes the sweep of stale flows, which reads the whole
 * connection table; without it the sweep is done here.
 */
export async function applySteps(
  host: Host,
  steps: readonly Step[],
  { later, workshop, chains }: ApplyOptions = {},
): Promise<Result<Applied>> {
  const { processes } = host;
  const translators = await putTranslators(host, steps, workshop);
  if (translators) return fail(translators);
  const put = canInvert(steps) ? putTogether : putInTurn;
  const failure = await put(processes, steps, chains);
  if (failure) return fail(failure);
  const leftovers: Problem[] = [];
  const result = await removeRoutes(processes, steps);
  if (!result.ok) leftovers.push(result.problem);
  leftovers.push(...(await removeTranslators(host, steps)));
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

/** New routes first, then the transaction. What failed, with everything as it was; undefined where both are done. */
async function putInTurn(
  processes: Processes,
  steps: readonly Step[],
  chains?: ChainsOptions,
): Promise<Problem | undefined> {
  const routes = await addRoutes(processes, steps);
  const rules = routes ?? (await transact(processes, steps, chains));
  if (rules) await removeAddedRoutes(processes, steps);
  return rules;
}

/** Both at once, which saves a few milliseconds when a prefix changes; for steps that can be taken back. */
async function putTogether(
  processes: Processes,
  steps: readonly Step[],
  chains?: ChainsOptions,
): Promise<Problem | undefined> {
  const [rules, routes] = await Promise.all([transact(processes, steps, chains), addRoutes(processes, steps)]);
  if (!routes && !rules) return undefined;
  // Of one that was never in force the inverse is refused, and changes nothing.
  if (!rules || isUnsure(rules)) await transact(processes, invert(steps), chains);
  await removeAddedRoutes(processes, steps);
  return rules ?? routes;
}

function canInvert(steps: readonly Step[]): boolean {
  return !steps.some((step) => step.do === 'install-table' || step.do === 'remove-table');
}

function invert(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) =>
    step.do === 'change-elements'
      ? [{ ...step, changes: step.changes.map((change) => ({ ...change, add: change.remove, remove: change.add })) }]
      : [],
  );
}

/** Rules last, so that what they point to is there. */
async function addRoutes(processes: Processes, steps: readonly Step[]): Promise<Problem | undefined> {
  return problemOf(await batch(processes, [...compileRoutes(steps, 'add-route'), ...compileRules(steps, 'add-rule')]));
}

/**
 * The other way round: at no moment does a rule point to nothing. A Ctrl-C can end the tool before it has a session of its own: then it
 * is done again.
 */
async function removeRoutes(processes: Processes, steps: readonly Step[]): Promise<Result<unknown>> {
  const lines = [...compileRules(steps, 'remove-rule'), ...compileRoutes(steps, 'remove-route')];
  const result = await batch(processes, lines);
  return result.ok || result.problem.code !== 'tool-killed' ? result : batch(processes, lines);
}

/** What these steps added was not there before, so taking it away leaves what was. */
async function removeAddedRoutes(processes: Processes, steps: readonly Step[]): Promise<void> {
  const added = steps.flatMap((step): Step[] => {
    if (step.do === 'add-route') return [{ ...step, do: 'remove-route' }];
    return step.do === 'add-rule' ? [{ ...step, do: 'remove-rule' }] : [];
  });
  await removeRoutes(processes, added);
}

async function transact(
  processes: Processes,
  steps: readonly Step[],
  chains?: ChainsOptions,
): Promise<Problem | undefined> {
  const script = compileScript(steps.filter((step) => !changesChains(step)));
  const failure =
    script === undefined
      ? undefined
      : problemOf(await changeWith(processes, { argv: transactionCommand, input: script }));
  return failure ?? (chains && restore(processes, steps, chains));
}

/** ip6tables commits table by table, so a failure may come halfway: then everything is put back as it was seen. */
async function restore(
  processes: Processes,
  steps: readonly Step[],
  { saved, calls }: ChainsOptions,
): Promise<Problem | undefined> {
  const input = compileRestore(steps, saved, calls);
  if (input === undefined) return undefined;
  const failure = problemOf(await changeWith(processes, { argv: restoreCommand, input }));
  const backup = failure && compileBackup(saved, steps);
  if (backup !== undefined) await changeWith(processes, { argv: restoreCommand, input: backup });
  return failure;
}

/** The tool was ended, perhaps after its work was done. */
function isUnsure({ code }: Problem): boolean {
  return code === 'tool-killed' || code === 'tool-timeout';
}

function problemOf(result: Result<unknown>): Problem | undefined {
  return result.ok ? undefined : result.problem;
}

async function batch(processes: Processes, lines: readonly string[]): Promise<Result<unknown>> {
  if (lines.length === 0) return succeed(undefined);
  return changeWith(processes, { argv: routeCommand, input: `${lines.join('\n')}\n` });
}
