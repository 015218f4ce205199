import { endOfLifetime, type Instant } from '../core/instant.ts';
import { equalPrefixes, formatPrefix, overlap, type Prefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import type { Delegation, LeaseReport, ReportedPrefix } from './delegation.ts';

/** How many delegations of one uplink are remembered; a server that renumbers all the time must not fill the memory. */
export const delegationLimit = 64;

export interface MergedReport {
  /** The list that was given, as the same object, where the report changes nothing. */
  readonly delegations: readonly Delegation[];
  readonly refused: readonly Problem[];
}

/**
 * What is held after a client's report that arrived at `now`. Merging the same report again changes nothing.
 *
 * | the report                              | what is held                                                       |
 * |-----------------------------------------|--------------------------------------------------------------------|
 * | does not name a prefix                  | unchanged until its lifetime ends (RFC 8415 section 18.2.10.1)     |
 * | names it with a valid lifetime          | its deadlines; place and `since` stay                              |
 * | names an older one and not the latest   | that one is the latest again: its `since` begins anew              |
 * | names it with a valid lifetime of 0     | gone (18.2.10.1)                                                   |
 * | gave the leases up                      | all of this uplink are gone (18.2.7)                               |
 * | names a prefix that lies across a network | refused: it would translate the inside onto itself              |
 */
export function mergeReport(
  held: readonly Delegation[],
  report: LeaseReport,
  uplink: string,
  now: Instant,
  networks: readonly Prefix[],
): MergedReport {
  if (report.released) {
    return { delegations: keepWhere(held, (delegation) => delegation.uplink !== uplink), refused: report.refused };
  }
  const refused = [...report.refused];
  const said = new Map<string, ReportedPrefix>();
  for (const reported of report.prefixes) {
    const network = networks.find((inside) => overlap(inside, reported.prefix));
    if (network) refused.push(acrossNetwork(uplink, reported.prefix, network));
    else said.set(formatPrefix(reported.prefix), reported);
  }
  if (said.size === 0) return { delegations: held, refused };

  const isNamed = ({ prefix }: Delegation): boolean => said.has(formatPrefix(prefix));
  const latestLeftOut = Math.max(
    ...held.filter((one) => one.uplink === uplink && one.validUntil > now && !isNamed(one)).map(({ since }) => since),
    -Infinity,
  );
  const newest = latestSince(held, uplink, now);
  const merged: Delegation[] = [];
  for (const delegation of held) {
    const reported = delegation.uplink === uplink ? said.get(formatPrefix(delegation.prefix)) : undefined;
    if (!reported) {
      merged.push(delegation);
    } else if (reported.validLifetime > 0) {
      const since = delegation.since < latestLeftOut ? newest : delegation.since;
      merged.push(delegationOf(reported, uplink, now, since));
    }
  }
  for (const reported of said.values()) {
    const known = held.some((one) => one.uplink === uplink && equalPrefixes(one.prefix, reported.prefix));
    if (!known && reported.validLifetime > 0) merged.push(delegationOf(reported, uplink, now, newest));
  }
  const bounded = boundedFor(merged, uplink);
  return { delegations: sameDelegations(held, bounded) ? held : bounded, refused };
}

/**
 * What is held without what the report does not confirm: for delegations that another machine has held meanwhile, so that its
 * server need not say that they are over. A report without prefixes confirms and denies nothing.
 */
export function dropUnconfirmed(
  held: readonly Delegation[],
  report: LeaseReport,
  uplink: string,
): readonly Delegation[] {
  if (report.prefixes.length === 0) return held;
  const named = (one: Delegation): boolean => report.prefixes.some(({ prefix }) => equalPrefixes(prefix, one.prefix));
  return keepWhere(held, (one) => one.uplink !== uplink || named(one));
}

/** What is held without what has ended; the list that was given, as the same object, where nothing has. */
export function dropExpired(held: readonly Delegation[], now: Instant): readonly Delegation[] {
  return keepWhere(held, (delegation) => delegation.validUntil > now);
}

function keepWhere(held: readonly Delegation[], keep: (delegation: Delegation) => boolean): readonly Delegation[] {
  return held.every(keep) ? held : held.filter(keep);
}

function delegationOf(reported: ReportedPrefix, uplink: string, now: Instant, since: Instant): Delegation {
  return {
    uplink,
    iaid: reported.iaid,
    prefix: reported.prefix,
    ...(reported.excluded && { excluded: reported.excluded }),
    preferredUntil: endOfLifetime(now, reported.preferredLifetime),
    validUntil: endOfLifetime(now, reported.validLifetime),
    since,
  };
}

/** After all that were known before, also where two reports come in one millisecond or the clock was set back. */
function latestSince(held: readonly Delegation[], uplink: string, now: Instant): Instant {
  return Math.max(now, ...held.filter((one) => one.uplink === uplink).map(({ since }) => since + 1));
}

/** The latest ones of the uplink, in the order they had. */
function boundedFor(list: readonly Delegation[], uplink: string): readonly Delegation[] {
  const own = list.filter((one) => one.uplink === uplink);
  if (own.length <= delegationLimit) return list;
  const latest = new Set(own.toSorted((one, other) => other.since - one.since).slice(0, delegationLimit));
  return list.filter((one) => one.uplink !== uplink || latest.has(one));
}

function sameDelegations(one: readonly Delegation[], other: readonly Delegation[]): boolean {
  return (
    one.length === other.length &&
    one.every((left, index) => {
      const right = other[index]!;
      return (
        left === right ||
        (left.uplink === right.uplink &&
          left.iaid === right.iaid &&
          left.since === right.since &&
          left.validUntil === right.validUntil &&
          left.preferredUntil === right.preferredUntil &&
          equalPrefixes(left.prefix, right.prefix) &&
          sameExcluded(left, right))
      );
    })
  );
}

function sameExcluded({ excluded: one }: Delegation, { excluded: other }: Delegation): boolean {
  return one === other || (one !== undefined && other !== undefined && equalPrefixes(one, other));
}

function acrossNetwork(uplink: string, prefix: Prefix, network: Prefix): Problem {
  return {
    code: 'delegation-refused',
    message: `uplink ${uplink} was delegated ${formatPrefix(prefix)}, which lies across the inside prefix ${formatPrefix(network)}`,
    mend: 'Give the network another inside prefix: "sixgate ula" makes one.',
  };
}
