import { formatPrefix, overlap } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import type { Config } from './config.ts';
import type { Delegation } from './delegation.ts';

/**
 * The delegations without those that lie across one of another uplink, which keeps it: what the configuration says comes first,
 * then what was there first. A server that delegates another provider's prefix would else have packets that come in for the one
 * network changed to addresses of the other.
 */
export function dropClaimed(
  { uplinks }: Pick<Config, 'uplinks'>,
  delegations: readonly Delegation[],
): { readonly delegations: readonly Delegation[]; readonly problems: readonly Problem[] } {
  if (uplinks.length < 2) return { delegations, problems: [] };
  const isFixed = ({ uplink }: Delegation): boolean =>
    uplinks.some(({ name, source }) => name === uplink && (source.from === 'static' || 'ipv4' in source));
  const rank = (one: Delegation): number => (isFixed(one) ? -Infinity : one.since);
  const kept: Delegation[] = [];
  const problems: Problem[] = [];
  for (const delegation of delegations.toSorted((one, other) =>
    rank(one) < rank(other) ? -1 : rank(one) > rank(other) ? 1 : 0,
  )) {
    const owner = kept.find(({ uplink, prefix }) => uplink !== delegation.uplink && overlap(prefix, delegation.prefix));
    if (!owner) kept.push(delegation);
    else {
      problems.push({
        code: 'delegation-refused',
        message: `uplink ${delegation.uplink} was delegated ${formatPrefix(delegation.prefix)}, which lies across ${formatPrefix(owner.prefix)} of uplink ${owner.uplink}`,
        mend: 'One of the two providers delegates what is not its own; ask them.',
      });
    }
  }
  return problems.length === 0
    ? { delegations, problems }
    : { delegations: delegations.filter((each) => kept.includes(each)), problems };
}
