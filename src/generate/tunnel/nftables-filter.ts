import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix, prefixOf, type Prefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { nftSet, nftString } from '../syntax/nft.ts';
import { describeFilter, filterName, filterPath, segmentSize } from './filter-file.ts';
import { allSites } from './martian-prefixes.ts';
import type { Tunnel } from './tunnel.ts';

/** A table of its own, replaced in one transaction. `device` is the name of the tunnel interface. */
export function nftablesFilter(tunnel: Tunnel, device: string): GeneratedFile {
  const table = filterName(tunnel);
  const own = ownPrefixes(tunnel).map(formatPrefix);
  const iif = `iifname ${nftString(device)}`;
  const text = `table ip6 ${table} { }
delete table ip6 ${table}
table ip6 ${table} {
	set bogus {
		type ipv6_addr
		flags interval
		elements = { ${tunnel.bogus.map(formatPrefix).join(', ')} }
	}

	chain inbound {
		type filter hook prerouting priority raw; policy accept;
		${iif} ip6 saddr @bogus counter drop
		${iif} ip6 saddr ${nftSet(own)} counter drop
${onlySites(tunnel) ? `\t\t${iif} ip6 saddr != ${formatPrefix(allSites)} counter drop\n` : ''}\
		${iif} ip6 daddr != ${nftSet(own)} counter drop
	}

	chain outbound {
		ip6 daddr @bogus counter reject with icmpv6 no-route
		ip6 saddr != ${nftSet(own)} counter drop
	}

	chain output {
		type filter hook output priority filter; policy accept;
		oifname ${nftString(device)} jump outbound
	}

	chain forward {
		type filter hook forward priority filter; policy accept;
		oifname ${nftString(device)} jump outbound
	}

	chain segment_size {
		type filter hook forward priority mangle; policy accept;
		oifname ${nftString(device)} tcp flags syn tcp option maxseg size > ${segmentSize(tunnel)} tcp option maxseg size set ${segmentSize(tunnel)}
		${iif} tcp flags syn tcp option maxseg size > ${segmentSize(tunnel)} tcp option maxseg size set ${segmentSize(tunnel)}
	}
}
${relayTable(tunnel)}`;
  const path = filterPath(tunnel, 'nftables');
  const how = [
    'Now, and at every start by the same path in an include of /etc/nftables.conf:',
    commandLine(`nft -f ${path}`),
  ];
  return { path, mode: 0o644, text: `${describeFilter(tunnel, how).join('\n')}\n\n${text}` };
}

/** What may be the source of packets from here and the destination of packets from the tunnel. */
export function ownPrefixes({ kind, prefix, address, onLinkLength }: Tunnel): Prefix[] {
  const own = prefix === undefined ? [] : [prefix];
  // Of the link to a broker only our own address is ours.
  return kind === '6in4' && onLinkLength > 0 ? [prefixOf(address, 128), ...own] : own;
}

/** Without a relay nobody but other 6to4 sites can be the source of anything. */
export function onlySites({ kind, relay }: Tunnel): boolean {
  return kind === '6to4' && relay === undefined;
}

/**
 * The kernel compares outer and inner source of sites only (net/ipv6/sit.c); whatever else comes out of the tunnel would be
 * believed from any IPv4 address. So all of that has to come from the relay. The inner source begins 28 bytes after the
 * start of an IPv4 header without options.
 */
function relayTable(tunnel: Tunnel): string {
  if (tunnel.relay === undefined) return '';
  const table = `${filterName(tunnel)}_relay`;
  const { address, length } = tunnel.sixRd?.prefix ?? allSites;
  const bits = (address >> BigInt(128 - length)).toString(16);
  return `
# Sources outside ${formatIpv6(address)}/${length} are believed from the relay only.
table ip ${table} { }
delete table ip ${table}
table ip ${table} {
	chain inbound {
		type filter hook prerouting priority raw; policy accept;
		ip daddr ${formatIpv4(tunnel.local)} ip protocol 41 jump sources
	}

	chain sources {
		ip hdrlength != 5 counter drop
		ip saddr != ${formatIpv4(tunnel.relay)} @nh,224,${length} != 0x${bits} counter drop
	}
}
`;
}
