import { judgePacket } from '../firewall/judge-packet.ts';
import { ok, unknown, type Check, type Finding } from './finding.ts';
import { lanSubnets } from './lan-interfaces.ts';
import { betweenLans } from './packets.ts';

/** A note only: many want it so. */
export const openForward: Check = {
  id: 'between-lans',
  group: 'firewall',
  needsConfig: true,
  judge({ firewall }, config): Finding[] {
    const [one, other] = [...new Set(lanSubnets(config).map((subnet) => subnet.interface))];
    if (one === undefined || other === undefined) return [];
    const id = 'between-lans';
    if (!firewall.known) return [unknown(id, 'the firewall', firewall.why)];
    const verdicts = firewall.value.tables.map((table) => judgePacket(table, betweenLans(one, other)).verdict);
    if (verdicts.includes('stopped') || verdicts.includes('unclear')) {
      return [ok(id, `a firewall decides over connections from ${one} to ${other}`)];
    }
    return [ok(id, `nothing filters connections from ${one} to ${other}: all subnets reach each other`)];
  },
};
