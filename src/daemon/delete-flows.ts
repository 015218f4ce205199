import {
  countDeleted,
  deleteSelected,
  deleteStale,
  listFlows,
  parseFlows,
} from '../backend/conntrack/flow-commands.ts';
import { formatPrefix, type Prefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { FlowSelection } from '../engine/flows.ts';
import { findStaleFlows } from '../engine/stale-flows.ts';
import type { Command, Processes } from '../host/host.ts';
import { runTool } from './run-tool.ts';

/** A table of 262,144 entries takes `conntrack` about two seconds. */
const timeout = 30_000;

/** Deletes conntrack entries; the number that were deleted. */
export async function deleteFlows(processes: Processes, flows: FlowSelection): Promise<Result<number>> {
  if (flows.which !== 'stale') return runConntrack(processes, { argv: deleteSelected(flows) });
  let deleted = 0;
  for (const network of flows.networks) {
    // Once more after something was deleted: a list of a table that changes meanwhile need not be whole.
    for (let look = 0, found = true; found && look < 3; look++) {
      const result = await sweep(processes, network, flows);
      if (!result.ok) return result;
      found = result.value > 0;
      deleted += result.value;
    }
  }
  for (const each of flows.givenUp ?? []) {
    const result = await runConntrack(processes, { argv: deleteSelected({ which: 'on-uplink', ...each }) });
    if (!result.ok) return result;
    deleted += result.value;
  }
  return succeed(deleted);
}

type Stale = Extract<FlowSelection, { which: 'stale' }>;

/** Deletes what is stale of one network; the number that were deleted. */
async function sweep(
  processes: Processes,
  network: Prefix,
  { networks, inForce, stateless }: Stale,
): Promise<Result<number>> {
  const listed = await runTool(processes, { argv: listFlows(formatPrefix(network)), timeout });
  if (!listed.ok) return listed;
  const stale = findStaleFlows(parseFlows(listed.value.stdout), networks, inForce, stateless);
  if (stale.length === 0) return succeed(0);
  return runConntrack(processes, { argv: ['conntrack', '-R', '-'], input: deleteStale(stale), opensInput: true });
}

/** `conntrack -D` ends with 1 where nothing matched, as it does when it failed. */
async function runConntrack(processes: Processes, command: Command): Promise<Result<number>> {
  const result = await processes.run({ timeout, ...command });
  if (!result.ok) return result;
  const { code, stdout, stderr } = result.value;
  if (code === 0 || stderr.includes(' flow entries have been deleted')) return succeed(countDeleted(stdout));
  const problem: Problem = {
    code: 'flows-not-deleted',
    message: `conntrack ended with exit code ${code}: ${stderr.trim().split('\n')[0] ?? ''}`,
  };
  return fail(problem);
}
