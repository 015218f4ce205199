import type { Site } from './site.ts';

/**
 * The edge's packet filter. `wire` sees every packet as it comes off the cable, whatever becomes of it: counters
 * there miss nothing, where tcpdump loses packets under load. `edge` is the provider's ingress filter (BCP 38).
 *
 * | counter    | source address                                                                 |
 * |------------|--------------------------------------------------------------------------------|
 * | inside     | fc00::/7 or the lab's inside network: what must never be there                 |
 * | translated | in the prefixes that are valid now                                             |
 * | bounced    | the Internet's: the router sent back what it should have dropped               |
 * | wrong      | any other but link-local and unspecified: a dead prefix, or nobody's           |
 *
 * Neighbour discovery of an old WAN address is not counted as wrong: the router must defend what it had.
 */
export function compileEdgeFilter(ports: readonly string[], inside: string, sites: readonly Site[]): string {
  return `
table netdev wire {
  set inside { type ipv6_addr; flags interval; auto-merge; elements = { fc00::/7, ${inside} } }
  set valid { type ipv6_addr; flags interval; elements = { ${listPrefixes(sites)} } }
  counter inside { }
  counter wrong { }
  counter translated { }
  counter bounced { }
  chain from_wan {
    type filter hook ingress devices = { ${ports.join(', ')} } priority -500;
    ip6 saddr @inside counter name inside accept
    ip6 saddr { fe80::/10, :: } accept
    icmpv6 type { 133, 134, 135, 136, 137, 143 } accept
    ip6 saddr @valid counter name translated accept
    ip6 saddr 2001:db8:ffff::/64 counter name bounced accept
    meta protocol ip6 counter name wrong
  }
}
table ip6 edge {
  set valid { type ipv6_addr; flags interval; elements = { ${listPrefixes(sites)} } }
  chain mute {
    type filter hook input priority 0;
  }
  chain cut_off {
    type filter hook forward priority -1;
  }
  chain from_wan {
    type filter hook forward priority 0;
    iifname "brwan" ip6 saddr != @valid drop
  }
}
`;
}

/**
 * One transaction that changes which sites are valid. Element by element: while an interval set is flushed and filled
 * again, packets of the sites that stay miss it for some milliseconds (kernel 6.18), although it is one transaction.
 */
export function compileValidSites(change: { readonly add: readonly Site[]; readonly remove: readonly Site[] }): string {
  const line = (verb: 'add' | 'delete', table: string, sites: readonly Site[]) => {
    return sites.length === 0 ? '' : `${verb} element ${table} valid { ${listPrefixes(sites)} }\n`;
  };
  return ['netdev wire', 'ip6 edge']
    .map((table) => line('add', table, change.add) + line('delete', table, change.remove))
    .join('');
}

/** A dead DHCPv6 server: requests reach the edge and are lost there. */
export function compileMute(mute: boolean): string {
  return mute ? 'add rule ip6 edge mute udp dport 547 drop\n' : 'flush chain ip6 edge mute\n';
}

/** What is behind the edge is lost, both ways. */
export function compileCutOff(cut: boolean): string {
  return cut ? 'add rule ip6 edge cut_off drop\n' : 'flush chain ip6 edge cut_off\n';
}

function listPrefixes(sites: readonly Site[]): string {
  return sites.map(({ prefix }) => prefix).join(', ');
}
