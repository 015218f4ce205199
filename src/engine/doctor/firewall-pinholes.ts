import { formatIpv6 } from '../../core/ipv6.ts';
import { contains } from '../../core/prefix.ts';
import { formatPortRange, type Config, type Pinhole, type Translation } from '../config.ts';
import type { Check } from './finding.ts';
import { judgeFirewall, type Question } from './judge-firewall.ts';
import { lanSubnets } from './lan-interfaces.ts';
import { newInbound } from './packets.ts';

/** Without state a pinhole is not told from other packets by conntrack, so it is not looked at here. */
export const firewallPinholes: Check = {
  id: 'firewall-pinholes',
  group: 'firewall',
  needsConfig: true,
  judge({ firewall }, config) {
    return config.translations
      .filter(({ mode }) => mode === 'stateful')
      .map((translation) => {
        const questions = translation.pinholes.flatMap((pinhole) => ask(translation, pinhole, config));
        const { name } = translation.uplink;
        return judgeFirewall(
          `firewall-pinholes:${name}`,
          firewall,
          questions,
          `what pinholes let in on ${name} passes`,
        );
      });
  },
};

/** From outside, and from other LANs by the outside address. */
function ask({ uplink, hairpin }: Translation, pinhole: Pinhole, config: Config): Question[] {
  const lans = lanSubnets(config);
  const home = lans.find(({ prefix }) => contains(prefix, pinhole.to));
  if (!home) return [];
  const others = lans.filter((lan) => lan.interface !== home.interface);
  const sources = [
    { link: uplink.interface, who: 'the Internet' },
    ...(hairpin ? others.map((lan) => ({ link: lan.interface, who: lan.name })) : []),
  ];
  return sources.flatMap(({ link, who }) =>
    services(pinhole).map(({ protocol, port, what, nft, ip6tables, ufw }) => {
      const to = formatIpv6(pinhole.to);
      return {
        packet: newInbound(link, home.interface, pinhole.to, protocol, port),
        what: `new connections from ${who} to ${to}, ${what}`,
        nft: `ip6 daddr ${to} ${nft} ct status dnat accept`,
        ip6tables: `-d ${to} ${ip6tables} -m conntrack --ctstate DNAT`,
        ...(ufw !== undefined && { ufw: `ufw route allow ${ufw[0]} to ${to} ${ufw[1]}` }),
      };
    }),
  );
}

interface Service {
  readonly protocol: 'tcp' | 'udp' | 'icmpv6';
  readonly port?: number;
  readonly what: string;
  readonly nft: string;
  readonly ip6tables: string;
  readonly ufw?: readonly [string, string];
}

function services({ tcp, udp, icmp }: Pinhole): Service[] {
  const ports = { tcp, udp } as const satisfies Record<string, Pinhole['tcp']>;
  return [
    ...(['tcp', 'udp'] as const).flatMap((protocol) =>
      ports[protocol].map((range): Service => {
        const text = formatPortRange(range);
        const colon = text.replace('-', ':');
        return {
          protocol,
          port: range.first,
          what: `${protocol} ${text}`,
          nft: `${protocol} dport ${text}`,
          ip6tables: `-p ${protocol} --dport ${colon}`,
          ufw: [`proto ${protocol}`, `port ${colon}`],
        };
      }),
    ),
    ...(icmp
      ? [
          {
            protocol: 'icmpv6',
            what: 'ping',
            nft: 'icmpv6 type echo-request',
            ip6tables: '-p icmpv6 --icmpv6-type 128',
          } as const,
        ]
      : []),
  ];
}
