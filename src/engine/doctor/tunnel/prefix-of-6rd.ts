import { containsIpv4, formatIpv4Prefix } from '../../../core/ipv4-prefix.ts';
import { formatIpv4, type Ipv4Address } from '../../../core/ipv4.ts';
import { formatIpv6, ipv6FromBigInt } from '../../../core/ipv6.ts';
import { contains, formatPrefix, type Prefix } from '../../../core/prefix.ts';
import { shellWord } from '../../../core/shell-word.ts';
import { ok, problem, type Finding } from '../finding.ts';
import { describeIpv4, isPublicIpv4 } from './public-ipv4.ts';
import type { SeenTunnel } from './seen-tunnel.ts';
import type { TunnelLink } from './tunnel-facts.ts';

/** RFC 5969 section 4: the provider's prefix, then the IPv4 address without what all of its customers have in common. */
export function judgeSixRd({ tunnel, addresses, elsewhere }: SeenTunnel, id: string): Finding {
  const { name, local, sixRd } = tunnel;
  if (local === undefined)
    return { id, result: 'unknown', found: `${name} has no local address to make a prefix of`, mend: null };
  if (!containsIpv4(sixRd.common, local)) {
    const found = `${formatIpv4(local)}, the local address of ${name}, is not in ${formatIpv4Prefix(sixRd.common)}, which all addresses of this 6rd domain are`;
    return problem(
      id,
      found,
      `ip tunnel 6rd dev ${shellWord(name)} 6rd-prefix PREFIX 6rd-relay_prefix PREFIX4  # the provider's figures`,
    );
  }
  const wanted = sixRdPrefixOf(tunnel, local);
  if ([...addresses, ...elsewhere].some(({ address }) => contains(wanted, address))) {
    return ok(id, `${formatPrefix(wanted)} is that of ${formatIpv4(local)}`);
  }
  const found = `this host has no address of ${formatPrefix(wanted)}, which is that of ${describeIpv4(local)}`;
  if (!isPublicIpv4(local) && sixRd.common.length === 0) {
    const mend = 'Compare the prefix with the IPv4 address that the gateway has: it cannot be seen from here.';
    return { id, result: 'unknown', found, mend };
  }
  const address = `${formatIpv6(ipv6FromBigInt(wanted.address | 1n))}/${sixRd.prefix.length}`;
  return problem(
    id,
    found,
    `ip -6 address add ${address} dev ${shellWord(name)}  # and where the tunnel is configured`,
  );
}

/** What the site with this IPv4 address may use; `local` is within `common`. */
export function sixRdPrefixOf({ sixRd: { prefix, common } }: TunnelLink, local: Ipv4Address): Prefix {
  const length = prefix.length + 32 - common.length;
  const bits = BigInt(local) & ((1n << BigInt(32 - common.length)) - 1n);
  return { address: ipv6FromBigInt(prefix.address | (bits << BigInt(128 - length))), length };
}
