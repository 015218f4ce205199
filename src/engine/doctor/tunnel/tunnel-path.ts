import { containsIpv4 } from '../../../core/ipv4-prefix.ts';
import { ipv4FromNumber, type Ipv4Address } from '../../../core/ipv4.ts';
import type { Ipv6Address } from '../../../core/ipv6.ts';
import type { Prefix } from '../../../core/prefix.ts';
import { ipv4OfSixToFour } from '../../../core/sixtofour.ts';
import { sixToFourMartians } from '../../../core/sixtofour-martians.ts';
import { kindOf } from './seen-tunnel.ts';
import type { TunnelFact } from './tunnel-facts.ts';

/** RFC 8200 section 5. With this MTU Linux lets routers fragment the outer packets, so that every path carries them. */
export const largestForAll = 1280;

/** Bytes of the IPv4 header. */
export const outerHeader = 20;

/** The one that all or most packets go to: the other end of 6in4, the border relay of 6rd. */
export function peerOf(tunnel: TunnelFact): Ipv4Address | undefined {
  const kind = kindOf(tunnel);
  if (kind === '6in4') return tunnel.remote;
  // The relay of a 6to4 site may be somebody's anycast, who was not asked.
  return kind === '6rd' ? relayRoutes(tunnel)[0]?.relay : undefined;
}

export interface RelayRoute {
  readonly prefix: Prefix;
  readonly gateway: Ipv6Address;
  readonly relay: Ipv4Address;
}

/** Routes whose next hop is an IPv4 address: as ::a.b.c.d (RFC 4213 section 3.3), or as that of a 6to4 site. */
export function relayRoutes({ routes }: TunnelFact): RelayRoute[] {
  if (!routes.known) return [];
  return routes.value.flatMap(({ prefix, gateway }) => {
    if (gateway === undefined) return [];
    const relay = gateway >> 32n === 0n ? ipv4FromNumber(Number(gateway)) : ipv4OfSixToFour(gateway);
    return relay === undefined ? [] : [{ prefix, gateway, relay }];
  });
}

/** Of the default relay that RFC 7526 withdrew. */
export function isWithdrawnRelay(address: Ipv4Address): boolean {
  return sixToFourMartians.some(({ rfc, ipv4 }) => rfc === 'RFC 7526' && containsIpv4(ipv4, address));
}
