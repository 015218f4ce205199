import type { Instant } from '../core/instant.ts';
import type { Delegation } from './delegation.ts';

export interface RankedDelegations {
  /** The one that new flows leave by. */
  readonly current?: Delegation;
  /** The others that are still valid, best first: what came in by them goes on until their lifetimes end. */
  readonly old: readonly Delegation[];
}

/**
 * Puts the delegations of an uplink in order: one that is still preferred before one that is not, then the latest, then
 * the one that stands first in the list.
 */
export function rankDelegations(held: readonly Delegation[], uplink: string, now: Instant): RankedDelegations {
  const valid = held
    .filter((delegation) => delegation.uplink === uplink && delegation.validUntil > now)
    .toSorted(
      (one, other) => Number(other.preferredUntil > now) - Number(one.preferredUntil > now) || other.since - one.since,
    );
  const [current, ...old] = valid;
  return current ? { current, old } : { old };
}
