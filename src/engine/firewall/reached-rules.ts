import type { FirewallChain, FirewallRule, FirewallTable } from './firewall.ts';
import { deepest, matchRule, type Packet } from './judge-packet.ts';

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
    for (const packet of packets) if (packet.hooks.includes(base.hook)) walk(table, chain, packet, 0, reached);
  }
  return [...reached.values()];
}

/** Whether every such packet ends in this chain. */
function walk(
  table: FirewallTable,
  chain: FirewallChain,
  packet: Packet,
  depth: number,
  reached: Map<FirewallRule, ReachedRule>,
): boolean {
  for (const rule of chain.rules) {
    const match = matchRule(rule, packet);
    if (match === 'no') continue;
    reached.set(rule, { chain: chain.name, rule });
    const { effect } = rule;
    if ('chain' in effect) {
      const target = table.chains.get(effect.chain);
      if (!target || depth >= deepest) continue;
      const ends = walk(table, target, packet, depth + 1, reached);
      if (match === 'yes' && (ends || effect.do === 'goto')) return ends;
    } else if (match === 'yes' && ['accept', 'drop', 'return'].includes(effect.do)) return effect.do !== 'return';
  }
  return false;
}
