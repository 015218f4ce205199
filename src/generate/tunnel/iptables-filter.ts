import { formatIpv4 } from '../../core/ipv4.ts';
import { formatPrefix, type Prefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { restoreWord } from '../../core/restore-word.ts';
import { describeBeside } from './describe-tunnel.ts';
import { describeFilter, filterPath, segmentSize } from './filter-file.ts';
import { allSites } from './martian-prefixes.ts';
import { onlySites, ownPrefixes } from './nftables-filter.ts';
import type { Tunnel } from './tunnel.ts';

/** Chains of their own for ip6tables-restore; loading them again replaces them and nothing else. */
export function iptablesFilter(tunnel: Tunnel): GeneratedFile[] {
  const path = filterPath(tunnel, 'iptables');
  const device = restoreWord(tunnel.name);
  // At most 28 characters, and an interface name has up to 15.
  const [inbound, outbound, size] = ['in', 'out', 'mss'].map((end) => `six-${tunnel.name}-${end}`) as [
    string,
    string,
    string,
  ];
  const own = ownPrefixes(tunnel);
  const how = [
    'After your own rules were loaded, every time:',
    commandLine(`ip6tables-restore --noflush < ${path}`),
    ...jumps(tunnel.name),
  ];
  const text = `*raw
:${inbound} - [0:0]
${tunnel.bogus.map((prefix) => `-A ${inbound} -s ${formatPrefix(prefix)} -j DROP\n`).join('')}\
${own.map((prefix) => `-A ${inbound} -s ${formatPrefix(prefix)} -j DROP\n`).join('')}\
${onlySites(tunnel) ? `-A ${inbound} ! -s ${formatPrefix(allSites)} -j DROP\n` : ''}\
${own.map((prefix) => `-A ${inbound} -d ${formatPrefix(prefix)} -j RETURN\n`).join('')}\
-A ${inbound} -j DROP
COMMIT
*mangle
:${size} - [0:0]
${['-i', '-o'].map((way) => `-A ${size} ${way} ${device} -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss ${segmentSize(tunnel)}\n`).join('')}\
COMMIT
*filter
:${outbound} - [0:0]
${tunnel.bogus.map((prefix) => `-A ${outbound} -d ${formatPrefix(prefix)} -j REJECT --reject-with icmp6-no-route\n`).join('')}\
${own.map((prefix) => `-A ${outbound} -s ${formatPrefix(prefix)} -j RETURN\n`).join('')}\
-A ${outbound} -j DROP
COMMIT
`;
  return [
    { path, mode: 0o644, text: `${describeFilter(tunnel, how).join('\n')}\n${text}` },
    ...(tunnel.relay === undefined ? [] : [relayFile(tunnel, tunnel.sixRd?.prefix ?? allSites)]),
  ];
}

/** The rules of the admin's own chains that lead here; each is added only where it is not there. */
function jumps(name: string): string[] {
  return [
    `raw PREROUTING -i ${name} -j six-${name}-in`,
    `mangle FORWARD -j six-${name}-mss`,
    `filter OUTPUT -o ${name} -j six-${name}-out`,
    `filter FORWARD -o ${name} -j six-${name}-out`,
  ].map((rule) => commandLine(jump('ip6tables', rule)));
}

function jump(program: string, rule: string): string {
  const [table, chain, ...rest] = rule.split(' ');
  const words = `${chain} ${rest.join(' ')}`;
  return `${program} -t ${table} -C ${words} 2>/dev/null || ${program} -t ${table} -I ${words}`;
}

/** What nftables-filter.ts says of the relay; u32 counts bytes of the IPv4 header, and 28 is the inner source. */
function relayFile(tunnel: Tunnel, { address, length }: Prefix): GeneratedFile {
  const path = filterPath(tunnel, 'iptables').replace(/6$/, '4');
  const chain = `six-${tunnel.name}-relay`;
  const words: string[] = [];
  for (let at = 0; at < length; at += 32) {
    const bits = BigInt(Math.min(32, length - at));
    const mask = ((1n << bits) - 1n) << (32n - bits);
    const word = (address >> BigInt(96 - at)) & 0xffff_ffffn & mask;
    words.push(`${28 + at / 8}&0x${mask.toString(16)}=0x${word.toString(16)}`);
  }
  const how = [
    'After your own rules were loaded, every time:',
    commandLine(`iptables-restore --noflush < ${path}`),
    commandLine(jump('iptables', `raw PREROUTING -d ${formatIpv4(tunnel.local)} -p 41 -j ${chain}`)),
  ];
  const text = `*raw
:${chain} - [0:0]
-A ${chain} -m u32 ! --u32 "0>>24&0xf=5" -j DROP
-A ${chain} -s ${formatIpv4(tunnel.relay!)}/32 -j RETURN
-A ${chain} -m u32 --u32 "${words.join('&&')}" -j RETURN
-A ${chain} -j DROP
COMMIT
`;
  const what = `Sources outside ${formatPrefix({ address, length })}, which are believed from the relay only,`;
  return { path, mode: 0o644, text: `${describeBeside(tunnel, what, how).join('\n')}\n${text}` };
}
