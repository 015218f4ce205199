import {
  countDeleted,
  deleteByPrefix,
  deleteStale,
  listFlows,
  parseFlows,
} from '../backend/conntrack/flow-commands.ts';
import { formatPrefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { FlowSelection } from '../engine/flows.ts';
import { findStaleFlows } from '../engine/stale-flows.ts';
import type { Command, Processes } from '../host/host.ts';

/** A table of 262,144 entries takes `conntrack` about two seconds. */
const timeout = 30_000;

/** Deletes conntrack entries; the number that were deleted. */
export async function deleteFlows(processes: Processes, flows: FlowSelection): Promise<Result<number>> {
  if (flows.which !== 'stale') return runConntrack(processes, { argv: deleteByPrefix(flows) });
  let deleted = 0;
  for (const network of flows.networks) {
    const listed = await processes.run({ argv: listFlows(formatPrefix(network)), timeout });
    if (!listed.ok) return listed;
    const stale = findStaleFlows(parseFlows(listed.value.stdout), flows.networks, flows.inForce, flows.stateless);
    if (stale.length === 0) continue;
    const input = deleteStale(stale);
    const result = await runConntrack(processes, {
      argv: ['conntrack', '-R', '-'],
      input,
      opensInput: true,
    });
    if (!result.ok) return result;
    deleted += result.value;
  }
  return succeed(deleted);
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
