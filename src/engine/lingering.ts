import type { Instant } from '../core/instant.ts';
import { equalPrefixes, type Prefix } from '../core/prefix.ts';
import type { Delegation } from './delegation.ts';

/** A prefix that is ours no longer, but for which packets are still on their way to us. */
export interface Lingering {
  readonly uplink: string;
  readonly prefix: Prefix;
  readonly until: Instant;
}

/** Longer than packets and the first retransmissions of TCP are on their way, shorter than a prefix finds a new owner. */
const lingerTime = 10_000;

/**
 * Which prefixes keep their unreachable route for a moment after they ended. Without it packets that are still on their
 * way would follow the default route back to the provider's edge, which may send them to us again.
 */
export function deriveLingering(
  lingering: readonly Lingering[],
  before: readonly Delegation[],
  after: readonly Delegation[],
  now: Instant,
): readonly Lingering[] {
  const held = (prefix: Prefix): boolean => after.some((delegation) => equalPrefixes(delegation.prefix, prefix));
  const kept = lingering.filter(({ prefix, until }) => until > now && !held(prefix));
  const ended = before
    .filter(({ prefix }) => !held(prefix) && !kept.some((other) => equalPrefixes(other.prefix, prefix)))
    .map(({ uplink, prefix }) => ({ uplink, prefix, until: now + lingerTime }));
  return [...kept, ...ended];
}
