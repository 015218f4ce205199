import type { Config, Translation } from '../config.ts';
import { mayTranslate } from '../firewall/judge-packet.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { FirewallFact } from './host-facts.ts';
import { lanSubnets } from './lan-interfaces.ts';
import { newOutbound } from './packets.ts';

/** Where sixgate translates sources; of two translations the one with the lower priority wins a flow. */
const ownPriority = 100;

export const foreignNat: Check = {
  id: 'foreign-nat',
  group: 'firewall',
  needsConfig: true,
  judge({ firewall }, config) {
    const id = 'foreign-nat';
    if (!firewall.known) return [unknown(id, 'the firewall', firewall.why)];
    const findings = config.translations.flatMap((translation) => judge(id, translation, config, firewall.value));
    const [unread] = firewall.value.unread;
    if (findings.length > 0) return findings.slice(0, 1);
    if (unread) return [unknown(id, `table ${unread.name}`, unread.why)];
    return [ok(id, 'nobody else translates what leaves the inside networks')];
  },
};

function judge(id: string, { network, uplink }: Translation, config: Config, { tables }: FirewallFact): Finding[] {
  const [lan] = lanSubnets(config).filter(({ name }) => network.subnets.some((subnet) => subnet.name === name));
  const packet = newOutbound(lan?.interface ?? '', uplink.interface, lan?.prefix ?? network.prefix);
  // The input interface is not known in postrouting; without a subnet on an interface it is not known at all.
  const { iifname: _, ...fields } = packet.fields;
  return tables.flatMap((table) =>
    [...table.chains.values()].flatMap((chain): Finding[] => {
      const { base } = chain;
      if (base?.type !== 'nat' || base.hook !== 'postrouting' || base.priority > ownPriority) return [];
      const translates = mayTranslate(table, chain, { hooks: ['postrouting'], fields });
      if (translates === 'no') return [];
      const where = `${table.name}, chain ${chain.name}`;
      const mend = `Let that rule leave out ${network.name}, or make it IPv4 only.`;
      if (translates === 'unclear') {
        return [
          warning(
            id,
            `${where} may translate what ${network.name} sends to ${uplink.interface}, ahead of sixgate`,
            mend,
          ),
        ];
      }
      if (base.priority < ownPriority) {
        return [
          problem(id, `${where} translates what ${network.name} sends to ${uplink.interface}, ahead of sixgate`, mend),
        ];
      }
      const found = `${where} translates what ${network.name} sends to ${uplink.interface}, at the same priority as sixgate: which one wins depends on the order of loading`;
      return [problem(id, found, mend)];
    }),
  );
}
