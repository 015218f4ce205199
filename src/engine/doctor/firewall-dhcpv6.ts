import { shellWord } from '../../core/shell-word.ts';
import type { PrefixSource } from '../config.ts';
import type { Check } from './finding.ts';
import { judgeFirewall } from './judge-firewall.ts';
import { dhcpv6Reply } from './packets.ts';

/** Sources that are a DHCPv6 client on this machine. */
function isClient(source: PrefixSource): boolean {
  if (source.from === 'hook') return source.client !== 'generic';
  return ['dhcpv6', 'dhcpcd', 'networkd', 'networkmanager'].includes(source.from);
}

export const firewallDhcpv6: Check = {
  id: 'firewall-dhcpv6',
  group: 'firewall',
  needsConfig: true,
  judge({ firewall }, config) {
    const uplinks = config.uplinks.filter(({ source }) => isClient(source));
    return uplinks.map(({ interface: name }) => {
      const question = {
        packet: dhcpv6Reply(name),
        what: `the answers of the DHCPv6 server on ${name}`,
        nft: `iifname "${name}" udp sport 547 udp dport 546 accept`,
        ip6tables: `-i ${shellWord(name)} -p udp --sport 547 --dport 546`,
        ufw: `ufw allow in on ${shellWord(name)} proto udp from fe80::/10 port 547 to fe80::/10 port 546`,
        firewalld: (zoneOf: (link: string) => string) =>
          `firewall-cmd --permanent --zone=${zoneOf(name)} --add-service=dhcpv6-client && firewall-cmd --reload`,
      };
      return judgeFirewall(
        `firewall-dhcpv6:${name}`,
        firewall,
        [question],
        `answers of the DHCPv6 server come in on ${name}`,
      );
    });
  },
};
