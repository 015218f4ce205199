import { judgePacket, type Packet } from '../../firewall/judge-packet.ts';
import type { FirewallFact } from '../host-facts.ts';

/** Whether some table stops all such packets; one is enough. */
export function judgeStop({ tables, unread }: FirewallFact, packet: Packet): 'yes' | 'no' | 'unclear' {
  const verdicts = tables.map((table) => judgePacket(table, packet).verdict);
  if (verdicts.includes('stopped')) return 'yes';
  return verdicts.includes('unclear') || unread.length > 0 ? 'unclear' : 'no';
}
