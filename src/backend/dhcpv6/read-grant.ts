import { prefixOf } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import type { ReportedPrefix } from '../../engine/delegation.ts';
import { judgeReported, refusedDelegation } from '../../engine/judge-reported.ts';
import { formatPrefix } from '../../core/prefix.ts';
import type { ClientSettings } from './client-state.ts';
import type { AssociatedPrefix, Message, Status } from './message.ts';
import { statusCodes } from './protocol-numbers.ts';
import { succeed, fail, type Result } from '../../core/result.ts';

/** More than any server delegates to one client; bounds the work that a hostile one can cause. */
const prefixLimit = 64;

/** What an Advertise or a Reply has for a client, of the identity associations that are the client's. */
export interface Grant {
  /** Those that can be used, and those with a valid lifetime of 0, which are to be discarded. */
  readonly prefixes: readonly ReportedPrefix[];
  readonly refused: readonly Problem[];
  /** IAIDs with a prefix to use. */
  readonly served: ReadonlySet<number>;
  /** IAIDs that the server knows no lease of. */
  readonly unbound: ReadonlySet<number>;
  /** What was said instead of a prefix, where anything was. */
  readonly denied?: Status;
  /** The earliest of the associations, in seconds; 0: the client's choice. */
  readonly t1: number;
  readonly t2: number;
}

/**
 * Reads the identity associations of a message (RFC 9915 section 18.2.10.1). Passed over: those that the client did not
 * ask for, a second one with the same IAID, one with T1 behind T2 (section 21.21). A status of an association that has
 * prefixes as well does not count against them.
 */
export function readGrant(settings: ClientSettings, { associations, status }: Message): Grant {
  const prefixes: ReportedPrefix[] = [];
  const refused: Problem[] = [];
  const served = new Set<number>();
  const unbound = new Set<number>();
  const seen = new Set<number>();
  const times: { t1: number; t2: number }[] = [];
  let denied = isFailure(status) ? status : undefined;
  for (const { iaid, t1, t2, prefixes: given, status: said } of associations) {
    if (!settings.iaids.includes(iaid) || seen.has(iaid)) continue;
    seen.add(iaid);
    if (t1 > t2 && t2 > 0) continue;
    if (isFailure(said)) denied ??= said;
    if (said?.code === statusCodes.noBinding) unbound.add(iaid);
    for (const prefix of given) {
      if (prefixes.length + refused.length >= prefixLimit) break;
      const read = readPrefix(settings.interface, iaid, prefix);
      if (!read.ok) refused.push(read.problem);
      else {
        prefixes.push(read.value);
        if (read.value.validLifetime > 0) served.add(iaid);
      }
    }
    if (served.has(iaid)) times.push({ t1, t2 });
  }
  return {
    prefixes,
    refused,
    served,
    unbound,
    ...(denied && { denied }),
    t1: Math.min(...times.map((one) => one.t1)),
    t2: Math.min(...times.map((one) => one.t2)),
  };
}

export function isFailure(status: Status | undefined): status is Status {
  return status !== undefined && status.code !== statusCodes.success;
}

function readPrefix(on: string, iaid: number, given: AssociatedPrefix): Result<ReportedPrefix> {
  const { address, length, preferredLifetime, validLifetime, excluded } = given;
  if (length > 128) return fail(refusedDelegation(on, `a prefix of length ${length}`, 'there are 128 bits'));
  const prefix = prefixOf(address, length);
  const judged = judgeReported(on, { iaid, prefix, preferredLifetime, validLifetime });
  if (!judged.ok || excluded === undefined) return judged;
  if (excluded !== 'malformed') return succeed({ ...judged.value, excluded });
  return fail(refusedDelegation(on, formatPrefix(prefix), 'the part that it leaves out (RFC 6603) is malformed'));
}
