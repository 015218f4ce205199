import { formatIpv4 } from '../../core/ipv4.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { nftSet, nftString } from '../syntax/nft.ts';
import type { NatGateway } from './nat-gateway.ts';
import { deleteStaleEntries } from './stale-entries.ts';

const rulesPath = '/etc/sixgate/nat-gateway.nft';
const forwardPath = '/etc/sixgate/nat-gateway-forward.nft';

/** A table of its own for the translation, and rules for the admin's chain: accepting in a table of ours would decide nothing. */
export function nftablesNatGateway(gateway: NatGateway, head: readonly string[]): GeneratedFile[] {
  const external = formatIpv4(gateway.external);
  const target = formatIpv4(gateway.target);
  const wan = gateway.wan === undefined ? undefined : nftString(gateway.wan);
  const lan = gateway.lan === undefined ? undefined : nftString(gateway.lan);
  const peers = gateway.peers.length === 0 ? undefined : nftSet(gateway.peers.map(formatIpv4));
  const words = (...parts: (string | undefined | false)[]): string => parts.filter(Boolean).join(' ');
  const inward = words(wan && `iifname ${wan}`, `ip daddr ${external}`, peers && `ip saddr ${peers}`, 'ip protocol 41');
  const outward = words(wan && `oifname ${wan}`, `ip saddr ${target}`, peers && `ip daddr ${peers}`, 'ip protocol 41');
  const forward = [
    words(wan && `iifname ${wan}`, lan && `oifname ${lan}`, `ip daddr ${target}`, peers && `ip saddr ${peers}`),
    words(lan && `iifname ${lan}`, wan && `oifname ${wan}`, `ip saddr ${target}`, peers && `ip daddr ${peers}`),
  ];
  const rules = `${head.join('\n')}
#
# At every start: include "${rulesPath}" in /etc/nftables.conf. Now: sh /etc/sixgate/nat-gateway.sh

table ip sixgate_nat41 { }
delete table ip sixgate_nat41
table ip sixgate_nat41 {
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		${inward} dnat to ${target}
	}

	chain postrouting {
		type nat hook postrouting priority srcnat - 1; policy accept;
		${outward} snat to ${external}
	}
}
`;
  const forwarding = `# Both directions, for your own chain in the forward hook, before anything that drops:
#     chain forward { type filter hook forward priority filter; policy drop; include "${forwardPath}"; ... }
${forward.map((match) => `${match} ip protocol 41 accept`).join('\n')}
`;
  const script = `#!/bin/sh
# Puts the rules into force and deletes what was tracked before.
set -e
nft -f ${rulesPath}
${deleteStaleEntries(gateway).join('\n')}
`;
  return [
    { path: rulesPath, mode: 0o644, text: rules },
    { path: forwardPath, mode: 0o644, text: forwarding },
    { path: '/etc/sixgate/nat-gateway.sh', mode: 0o755, text: script },
  ];
}
