import { formatIpv4 } from '../../core/ipv4.ts';
import { succeed } from '../../core/result.ts';
import { commentLines } from '../advice/wrap-text.ts';
import type { Generated } from '../generated.ts';
import type { GeneratedFile } from '../generated-file.ts';
import type { NameKey } from '../intent/intent-fields.ts';
import { iptablesNatGateway } from './iptables-nat-gateway.ts';
import { readNatGateway, type NatGateway } from './nat-gateway.ts';
import { nftablesNatGateway } from './nftables-nat-gateway.ts';

export const natGatewayTargets = {
  iptables: iptablesNatGateway,
  nftables: nftablesNatGateway,
} as const satisfies Record<string, (gateway: NatGateway, head: readonly string[]) => GeneratedFile[]>;

export type NatGatewayTarget = keyof typeof natGatewayTargets;

/** What the gateway in front of a tunnel needs, from the JSON of an intent. */
export function generateNatGateway(intent: unknown, target: NatGatewayTarget, nameKey?: NameKey): Generated {
  const read = readNatGateway(intent, nameKey ?? ((key) => key));
  if (!read.ok) return read;
  const advice = natGatewayAdvice(read.value);
  const head = commentLines([
    `Protocol 41 between ${formatIpv4(read.value.external)} and ${formatIpv4(read.value.target)} inside. Made by "sixgate generate nat-gateway ` +
      `--for ${target}".`,
    ...(read.value.example ? ['EXAMPLE: the addresses are for documentation (RFC 5737) and work nowhere.'] : []),
    ...advice,
  ]);
  const warnings = read.value.example
    ? [
        {
          code: 'example-address' as const,
          message: 'these addresses are for documentation (RFC 5737): the files are an example and work nowhere',
          mend: 'Give your own addresses before you use them.',
        },
      ]
    : [];
  return succeed({ files: natGatewayTargets[target](read.value, head), warnings, advice });
}

function natGatewayAdvice({ external, peers }: NatGateway): string[] {
  return [
    `Packets must leave from exactly ${formatIpv4(external)}, since 6to4 peers compare the outer source with the prefix: so it is SNAT and ` +
      'not masquerading, which takes another address where the interface has several.',
    'Connection tracking knows nothing but addresses of protocol 41. An entry from before these rules would be used, and kept alive, by ' +
      'every further packet, and no answer would ever come: so old entries are deleted after the rules are in force.',
    'Only one host inside can have such a tunnel: there are no ports to tell two apart by.',
    ...(peers.length === 0
      ? [
          'Anybody may send protocol 41 to the host, as 6to4 needs it; its own filter has to look at what is inside. --peer narrows it down.',
        ]
      : ['Only the peers named here get through, which is right for 6in4 and wrong for 6to4.']),
    'Where the gateway can only masquerade, 6in4 may live on a keepalive ("sixgate generate 6in4 --keepalive" on the host); 6to4 cannot.',
  ];
}
