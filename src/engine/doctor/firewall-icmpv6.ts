import { shellWord } from '../../core/shell-word.ts';
import type { Config } from '../config.ts';
import type { Check } from './finding.ts';
import { judgeFirewall, type Question } from './judge-firewall.ts';
import { lanSubnets } from './lan-interfaces.ts';
import { icmpv6Error, neighbourDiscovery, ownIcmpv6Error } from './packets.ts';

const heard = {
  uplink: [
    [134, 'nd-router-advert', 'router advertisements'],
    [135, 'nd-neighbor-solicit', 'neighbour solicitations'],
    [136, 'nd-neighbor-advert', 'neighbour advertisements'],
  ],
  lan: [
    [133, 'nd-router-solicit', 'router solicitations'],
    [135, 'nd-neighbor-solicit', 'neighbour solicitations'],
    [136, 'nd-neighbor-advert', 'neighbour advertisements'],
  ],
} as const;

const errors = [
  [2, 'packet-too-big', '"packet too big"'],
  [1, 'destination-unreachable', '"destination unreachable"'],
  [3, 'time-exceeded', '"time exceeded"'],
  [4, 'parameter-problem', '"parameter problem"'],
] as const;

export const firewallIcmpv6: Check = {
  id: 'firewall-icmpv6',
  group: 'firewall',
  needsConfig: true,
  judge({ firewall }, config) {
    return [
      judgeFirewall('firewall-neighbours', firewall, onLinks(config), 'neighbour discovery comes in on all links'),
      judgeFirewall(
        'firewall-icmpv6',
        firewall,
        [...fromOutside(config), ...fromHere(config)],
        'ICMPv6 errors of flows pass (RFC 4890)',
      ),
    ];
  },
};

function onLinks(config: Config): Question[] {
  const lans = lanSubnets(config).map((subnet) => ({ name: subnet.interface, types: heard.lan }));
  const uplinks = config.uplinks.map((uplink) => ({ name: uplink.interface, types: heard.uplink }));
  return [...uplinks, ...lans].flatMap(({ name, types }) =>
    types.map(([type, , what]) => ({
      packet: neighbourDiscovery(name, type),
      what: `${what} on ${name}`,
      nft: `iifname "${name}" icmpv6 type { ${types.map(([, each]) => each).join(', ')} } accept`,
      ip6tables: `-i ${shellWord(name)} -p icmpv6 --icmpv6-type ${type}`,
    })),
  );
}

/** Without it, hosts on a LAN with larger packets than the uplink takes wait for answers to what never left. */
function fromHere(config: Config): Question[] {
  return lanSubnets(config).map((subnet) => ({
    packet: ownIcmpv6Error(subnet.interface, subnet.prefix, 2),
    what: `"packet too big" that this router sends to ${subnet.name}`,
    nft: 'icmpv6 type packet-too-big accept',
    ip6tables: '-p icmpv6 --icmpv6-type packet-too-big',
  }));
}

function fromOutside(config: Config): Question[] {
  return config.uplinks.flatMap((uplink) =>
    lanSubnets(config).flatMap((subnet) =>
      errors.map(([type, , what]) => ({
        packet: icmpv6Error(uplink.interface, subnet.interface, subnet.prefix, type),
        what: `${what} for flows of ${subnet.name}`,
        nft: `icmpv6 type { ${errors.map(([, each]) => each).join(', ')} } accept`,
        // One rule for all of them, since conntrack knows which flow they belong to; answers need it as well.
        ip6tables: '-m conntrack --ctstate ESTABLISHED,RELATED',
      })),
    ),
  );
}
