import { describeBeside } from './describe-tunnel.ts';
import type { FilterTool, Tunnel } from './tunnel.ts';

/** Where the filter of this tunnel is on the machine. */
export function filterPath({ name }: Tunnel, tool: Exclude<FilterTool, 'none'>): string {
  return tool === 'nftables' ? `/etc/sixgate/tunnel-${name}.nft` : `/etc/sixgate/tunnel-${name}.rules6`;
}

/** A name for tables and chains: what nftables takes as an identifier. Chains of iptables have at most 28 characters. */
export function filterName({ name }: Tunnel): string {
  return `sixgate_${name.replaceAll(/[.-]/g, '_')}`;
}

export function describeFilter(tunnel: Tunnel, how: readonly string[]): string[] {
  return describeBeside(tunnel, 'Filter (RFC 3964) and limit of the TCP segment size', [
    'It only drops: your own firewall must let IPv4 protocol 41 in.',
    ...how,
  ]);
}

/** TCP payload that fits: the MTU less 40 bytes of IPv6 and 20 of TCP. */
export function segmentSize({ mtu }: Tunnel): number {
  return mtu - 60;
}
