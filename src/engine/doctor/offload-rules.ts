import type { FirewallRule, FirewallTable, PacketWork } from '../firewall/firewall.ts';
import { reachedRules } from '../firewall/reached-rules.ts';
import { offloadInterfaces } from '../offload.ts';
import { ok, unknown, warning, type Check } from './finding.ts';
import { offloadedPackets } from './offloaded-packets.ts';

/** Rules of others that have something to do with every packet of a flow and see only its first ones; flowtables that take the same flows. */
export const offloadRules: Check = {
  id: 'offload-rules',
  group: 'firewall',
  needsConfig: true,
  judge({ firewall }, config) {
    const id = 'offload-rules';
    const interfaces = offloadInterfaces(config);
    if (interfaces.length === 0) return [ok(id, 'no flows are to be offloaded')];
    if (!firewall.known) return [unknown(id, 'the firewall', firewall.why)];
    const packets = offloadedPackets(config);
    const { tables, unread } = firewall.value;
    const reached = tables.map((table) => ({ table, rules: reachedRules(table, packets) }));
    const places = reached.flatMap(({ table, rules }) => findPlaces(table, rules));
    const others = reached.flatMap(({ table, rules }) => findFlowtables(table, rules, interfaces));
    const findings = [
      ...(places.length === 0
        ? []
        : [warning(id, `only the first packets of offloaded flows come to ${places.join('; ')}`, mendRules)]),
      ...(others.length === 0 ? [] : [warning(`${id}:flowtables`, describeFlowtables(others), mendFlowtables)]),
    ];
    if (findings.length > 0) return findings;
    const [first] = unread;
    if (first) return [unknown(id, `table ${first.name}`, first.why)];
    return [ok(id, 'no rule of others has to see every packet of a flow')];
  },
};

const mendRules =
  'Where these have to see every packet, take "offload: true" out. Where new flows are meant, let them match "ct state new" (--ctstate NEW). ' +
  'Interfaces, conntrack and tc go on counting; docs/offload.md has what does and what does not.';

const mendFlowtables =
  'Leave one of the two: let the rules with "flow add" there take IPv4 only ("meta nfproto ipv4"), or take "offload: true" out.';

type Reached = ReturnType<typeof reachedRules>;

/** Work that decides whether a packet passes; the rest changes or records what passes. */
const deciding = new Set<PacketWork>([
  'limit',
  'quota',
  'DSCP',
  'hop limit',
  'length',
  'content',
  'time of day',
  'chance',
  'bytes of the flow',
]);

function findPlaces(table: FirewallTable, rules: Reached): string[] {
  const byChain = new Map<string, Set<PacketWork>>();
  for (const { chain, rule } of rules) {
    for (const work of missed(rule)) byChain.set(chain, (byChain.get(chain) ?? new Set()).add(work));
  }
  return [...byChain].map(([chain, work]) => `${table.name}, chain ${chain} (${[...work].join(', ')})`);
}

/** A flow whose every packet a rule drops is never handed over, so what that rule counts or logs is all there. */
function missed({ effect, work = [] }: FirewallRule): readonly PacketWork[] {
  return effect.do === 'drop' && !work.some((each) => deciding.has(each)) ? [] : work;
}

/** Those that a rule for our packets hands flows over to, with the interfaces that are ours as well. */
function findFlowtables(table: FirewallTable, rules: Reached, interfaces: readonly string[]): string[] {
  const used = new Set(rules.flatMap(({ rule }) => rule.handsTo ?? []));
  return [...used].flatMap((name) => {
    const shared = (table.flowtables?.get(name) ?? []).filter((device) => interfaces.includes(device));
    return shared.length === 0 ? [] : [`${table.name}, flowtable ${name} (${shared.join(', ')})`];
  });
}

function describeFlowtables(flowtables: readonly string[]): string {
  return `flows on the same interfaces are handed over to ${flowtables.join('; ')} as well, perhaps before every filter has seen them`;
}
