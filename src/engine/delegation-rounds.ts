import type { Instant } from '../core/instant.ts';
import type { Uplink } from './config.ts';
import type { Delegation } from './delegation.ts';
import { rankDelegations } from './rank-delegations.ts';

/**
 * The valid delegations of an uplink in rounds. New flows leave by the first round, what came in by a later one goes on
 * until its lifetimes end.
 *
 * As a rule a round is one delegation, by rank. A client with several identity associations (`ias` of its own client) wants
 * all of their prefixes at once: its rounds have one delegation for each association, in the order of the IAIDs, so that
 * each subnet keeps its own; where an association has no older one, the round is filled up with its latest.
 */
export function delegationRounds(
  { name, source }: Uplink,
  held: readonly Delegation[],
  now: Instant,
): readonly (readonly Delegation[])[] {
  const { current, old } = rankDelegations(held, name, now);
  const ranked = current ? [current, ...old] : [];
  if (source.from !== 'dhcpv6' || source.ias === 1) return ranked.map((delegation) => [delegation]);
  const { iaid: first, ias } = source;
  const groups = Array.from({ length: ias }, (_, index) => ranked.filter(({ iaid }) => iaid === first + index));
  const others = ranked.filter(({ iaid }) => iaid < first || iaid >= first + ias);
  const count = Math.max(...groups.map((group) => group.length));
  const rounds = Array.from({ length: count }, (_, round) => groups.flatMap((group) => group[round] ?? group[0] ?? []));
  return [...rounds, ...others.map((delegation) => [delegation])];
}
