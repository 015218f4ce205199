import { shellWord } from '../../core/shell-word.ts';
import type { Check } from './finding.ts';
import { judgeFirewall } from './judge-firewall.ts';
import { lanSubnets } from './lan-interfaces.ts';
import { newOutbound, outboundReply } from './packets.ts';

export const firewallForward: Check = {
  id: 'firewall-forward',
  group: 'firewall',
  needsConfig: true,
  judge({ firewall }, config) {
    return config.translations.flatMap(({ network, uplink }) =>
      lanSubnets(config)
        .filter((subnet) => network.subnets.some(({ name }) => name === subnet.name))
        .map(({ name, interface: lan, prefix }) => {
          const out = uplink.interface;
          const questions = [
            {
              packet: newOutbound(lan, out, prefix),
              what: `new connections from ${name} to the Internet`,
              nft: `iifname "${lan}" oifname "${out}" accept`,
              ip6tables: `-i ${shellWord(lan)} -o ${shellWord(out)}`,
              ufw: `ufw route allow in on ${shellWord(lan)} out on ${shellWord(out)}`,
              firewalld: (zoneOf: (link: string) => string) => forwardBetween(zoneOf(lan), zoneOf(out)),
            },
            {
              packet: outboundReply(out, lan, prefix),
              what: `answers from the Internet to ${name}`,
              nft: 'ct state established,related accept',
              ip6tables: '-m conntrack --ctstate ESTABLISHED,RELATED',
            },
          ];
          const id = `firewall-forward:${name}`;
          return judgeFirewall(
            id,
            firewall,
            questions,
            `${name} reaches the Internet through ${out}, and answers come back`,
          );
        }),
    );
  },
};

/** In the words of firewalld, which forwards within a zone, and between zones by policies. */
function forwardBetween(from: string, to: string): string {
  const permanent = 'firewall-cmd --permanent';
  if (from === to) return `${permanent} --zone=${from} --add-forward && firewall-cmd --reload`;
  // It takes names of up to 17 characters.
  const name = `${from}-${to}`.slice(0, 17);
  return [
    `${permanent} --new-policy ${name}`,
    `${permanent} --policy ${name} --add-ingress-zone ${from}`,
    `${permanent} --policy ${name} --add-egress-zone ${to}`,
    `${permanent} --policy ${name} --set-target ACCEPT`,
    'firewall-cmd --reload',
  ].join(' && ');
}
