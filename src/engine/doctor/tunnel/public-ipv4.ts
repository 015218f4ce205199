import { formatIpv4, type Ipv4Address } from '../../../core/ipv4.ts';
import { sixToFourMartianOf } from '../../../core/sixtofour-martians.ts';
import type { Config } from '../../config.ts';
import type { SeenTunnel } from './seen-tunnel.ts';

/** Others can send to it. Addresses for documentation count as such: they are somebody's laboratory. */
export function isPublicIpv4(address: Ipv4Address): boolean {
  const martian = sixToFourMartianOf(address);
  return martian === undefined || martian.rfc === 'RFC 5737';
}

/** As in `10.0.0.1, which is private`. */
export function describeIpv4(address: Ipv4Address): string {
  const text = formatIpv4(address);
  return isPublicIpv4(address) ? text : `${text}, which is ${sixToFourMartianOf(address)?.what}`;
}

/**
 * What the rest of the world sees of this host. Undefined where a gateway translates: it cannot be seen from here, and only
 * the configuration may say it, as `ipv4` of the tunnel's uplink.
 */
export function publicIpv4Of({ tunnel, carrier }: SeenTunnel, config: Config): Ipv4Address | undefined {
  for (const { interface: name, source } of config.uplinks) {
    if (name === tunnel.name && source.from === '6to4' && 'ipv4' in source) return source.ipv4;
  }
  return carrier && tunnel.local !== undefined && isPublicIpv4(tunnel.local) ? tunnel.local : undefined;
}
