import type { FirewallRule, FirewallTable } from './firewall.ts';
import { walkChain, type Packet } from './judge-packet.ts';

export interface ReachedRule {
  /** The chain that it stands in. */
  readonly chain: string;
  readonly rule: FirewallRule;
}

/**
 * The rules of this table that may hold for one of these packets, each once. A rule that decides over all such packets ends a chain, so
 * what stands behind "established: accept" is not reached by a packet of an established flow. Chains of type nat are left out: the
 * kernel asks them for the first packet only.
 */
export function reachedRules(table: FirewallTable, packets: readonly Packet[]): readonly ReachedRule[] {
  const reached = new Map<FirewallRule, ReachedRule>();
  for (const chain of table.chains.values()) {
    const { base } = chain;
    if (!base || base.type === 'nat') continue;
    for (const packet of packets) {
      if (packet.hooks.includes(base.hook))
        walkChain(table, chain, packet, ({ name }, rule) => reached.set(rule, { chain: name, rule }));
    }
  }
  return [...reached.values()];
}
