import { formatIpv4, type Ipv4Address } from '../../core/ipv4.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { restoreWord } from '../../core/restore-word.ts';
import type { NatGateway } from './nat-gateway.ts';
import { deleteStaleEntries } from './stale-entries.ts';

/** A rule as words: table, chain, the rest. */
type Rule = readonly [table: 'nat' | 'filter', chain: string, ...words: string[]];

/** The rules for iptables-restore, in chains of their own, and the same as a shell script in the chains that are there. */
export function iptablesNatGateway(gateway: NatGateway, head: readonly string[]): GeneratedFile[] {
  const rules = compileRules(gateway);
  return [
    { path: '/etc/sixgate/nat-gateway.rules4', mode: 0o644, text: restoreForm(rules, head) },
    { path: '/etc/sixgate/nat-gateway.sh', mode: 0o755, text: shellForm(rules, gateway, head) },
  ];
}

function compileRules({ external, target, peers, wan, lan }: NatGateway): Rule[] {
  const inside = `${formatIpv4(target)}/32`;
  const way = (option: '-i' | '-o', name: string | undefined): string[] => (name === undefined ? [] : [option, name]);
  // One rule for each peer: a list would be unfolded by iptables and then never found again by -C.
  const each: readonly (Ipv4Address | undefined)[] = peers.length === 0 ? [undefined] : peers;
  return each.flatMap((peer): Rule[] => {
    const from = peer === undefined ? [] : ['-s', `${formatIpv4(peer)}/32`];
    const to = peer === undefined ? [] : ['-d', `${formatIpv4(peer)}/32`];
    const outside = ['-d', `${formatIpv4(external)}/32`];
    return [
      [
        'nat',
        'PREROUTING',
        ...way('-i', wan),
        ...from,
        ...outside,
        '-p',
        '41',
        '-j',
        'DNAT',
        '--to-destination',
        formatIpv4(target),
      ],
      [
        'nat',
        'POSTROUTING',
        ...way('-o', wan),
        '-s',
        inside,
        ...to,
        '-p',
        '41',
        '-j',
        'SNAT',
        '--to-source',
        formatIpv4(external),
      ],
      ['filter', 'FORWARD', ...way('-i', wan), ...way('-o', lan), ...from, '-d', inside, '-p', '41', '-j', 'ACCEPT'],
      ['filter', 'FORWARD', ...way('-i', lan), ...way('-o', wan), '-s', inside, ...to, '-p', '41', '-j', 'ACCEPT'],
    ];
  });
}

function ownChain(chain: string): string {
  return `sixgate-41-${chain.toLowerCase()}`;
}

function restoreForm(rules: readonly Rule[], head: readonly string[]): string {
  const tables = (['nat', 'filter'] as const).map((table) => {
    const own = rules.filter((rule) => rule[0] === table);
    const chains = [...new Set(own.map(([, chain]) => chain))];
    return `*${table}
${chains.map((chain) => `:${ownChain(chain)} - [0:0]\n`).join('')}\
${own.map(([, chain, ...words]) => `-A ${ownChain(chain)} ${words.map(restoreWord).join(' ')}\n`).join('')}\
COMMIT
`;
  });
  return `${head.join('\n')}
#
# After your own rules were loaded, every time (the first line replaces these chains and touches nothing else):
#     iptables-restore --noflush < /etc/sixgate/nat-gateway.rules4
${[...new Set(rules.map(([table, chain]) => `${table} ${chain}`))]
  .map((both) => {
    const [table, chain = ''] = both.split(' ');
    const rule = `${chain} -j ${ownChain(chain)}`;
    return `#     iptables -t ${table} -C ${rule} 2>/dev/null || iptables -t ${table} -I ${rule}\n`;
  })
  .join('')}\
# and then the lines about conntrack in /etc/sixgate/nat-gateway.sh, which does the same without these chains.
${tables.join('')}`;
}

function shellForm(rules: readonly Rule[], gateway: NatGateway, head: readonly string[]): string {
  const lines = rules.map(([table, chain, ...words]) => `rule ${table} ${chain} ${words.map(shellWord).join(' ')}`);
  return `#!/bin/sh
${head.join('\n')}
set -e

# rule TABLE CHAIN RULE...: first in its chain, before anything that drops; left alone where it is there already.
rule() {
	table=$1 chain=$2
	shift 2
	iptables -w -t "$table" -C "$chain" "$@" 2>/dev/null || iptables -w -t "$table" -I "$chain" "$@"
}
${lines.join('\n')}

${deleteStaleEntries(gateway).join('\n')}
`;
}
