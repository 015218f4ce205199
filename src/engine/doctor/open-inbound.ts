import { ipv6FromBigInt } from '../../core/ipv6.ts';
import { judgePacket } from '../firewall/judge-packet.ts';
import { ok, unknown, warning, type Check, type Finding } from './finding.ts';
import { lanSubnets } from './lan-interfaces.ts';
import { newInbound } from './packets.ts';

/** Where the configuration lets everything in, somebody else has to decide. */
export const openInbound: Check = {
  id: 'inbound',
  group: 'firewall',
  needsConfig: true,
  judge({ firewall }, config) {
    return config.translations.flatMap(({ uplink, network, inbound }): Finding[] => {
      const id = `inbound:${uplink.name}`;
      if (inbound === 'deny') return [ok(id, `unasked flows from ${uplink.interface} to ${network.name} are denied`)];
      const lan = lanSubnets(config).find((subnet) => network.subnets.some(({ name }) => name === subnet.name));
      if (!lan) return [];
      if (!firewall.known) return [unknown(id, 'the firewall', firewall.why)];
      const host = ipv6FromBigInt(lan.prefix.address + 0x1234n);
      const packet = newInbound(uplink.interface, lan.interface, host, 'tcp', 22);
      const verdicts = firewall.value.tables.map((table) => judgePacket(table, packet).verdict);
      if (verdicts.includes('stopped')) return [ok(id, `a firewall stops unasked flows from ${uplink.interface}`)];
      if (verdicts.includes('unclear'))
        return [ok(id, `a firewall decides over unasked flows from ${uplink.interface}`)];
      const found = `nothing stops unasked flows from ${uplink.interface}: every host of ${network.name} can be reached from the Internet`;
      const mend = `Write "inbound: deny" for ${network.name} on ${uplink.name}, with "allow" for what is meant to be reached; or let a firewall drop what is new in its forward chain.`;
      return [warning(id, found, mend)];
    });
  },
};
