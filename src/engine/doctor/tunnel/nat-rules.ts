import { ipv4MappedPrefix } from '../../../core/ipv4-mapped.ts';
import type { FirewallRule } from '../../firewall/firewall.ts';
import { matchRule } from '../../firewall/judge-packet.ts';
import type { FirewallFact } from '../host-facts.ts';
import type { TunnelEntry } from './tunnel-facts.ts';

/** Whether a rule translates protocol 41 by name: this host is the gateway of a tunnel. */
export function translatesTunnels({ tables }: FirewallFact): boolean {
  return tables.some(({ chains }) => [...chains.values()].some(({ rules }) => rules.some(isForTunnels)));
}

/** The table and chain with a rule for tunnels that the first packet of this entry would meet today. */
export function whereTranslated({ tables }: FirewallFact, { source, destination }: TunnelEntry): string | undefined {
  const packet = {
    hooks: [],
    fields: {
      family: { text: 'ipv4' },
      protocol: { text: '41' },
      source: { prefix: ipv4MappedPrefix(source) },
      destination: { prefix: ipv4MappedPrefix(destination) },
    },
  };
  for (const { name, chains } of tables) {
    for (const { name: chain, rules } of chains.values()) {
      if (rules.some((rule) => isForTunnels(rule) && matchRule(rule, packet) !== 'no'))
        return `${name}, chain ${chain}`;
    }
  }
  return undefined;
}

/** A rule for all protocols may be for anything; only one that names protocol 41 is taken. */
function isForTunnels({ conditions, effect }: FirewallRule): boolean {
  return (
    effect.do === 'translate' &&
    conditions.some(
      (condition) =>
        condition.kind === 'field' &&
        condition.field === 'protocol' &&
        !condition.negated &&
        condition.values.some((value) => 'text' in value && value.text === '41'),
    )
  );
}
