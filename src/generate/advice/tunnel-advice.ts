import { formatIpv4 } from '../../core/ipv4.ts';
import type { Tunnel } from '../tunnel/tunnel.ts';

/** What one should know before relying on the tunnel, in paragraphs. */
export function tunnelAdvice(tunnel: Tunnel): string[] {
  return [
    ...(tunnel.kind === '6to4' ? status(tunnel) : []),
    ...(tunnel.kind === '6to4'
      ? [
          'Dual-stack programs prefer IPv4 to 2002::/16 (RFC 6724: precedence 30 after 35), except towards another 6to4 ' +
            'address. That is as it should be; do not change the table to force IPv6.',
        ]
      : []),
    'Nothing is encrypted or authenticated, and anybody on the way can read and forge packets. Where that matters put ' +
      'WireGuard or IPsec on top, or take WireGuard instead of this tunnel.',
    tunnel.behindNat ? behindNat(tunnel) : direct(tunnel),
    'Many home routers and all carrier-grade translators drop protocol 41 without a word. Then only "DMZ host" or ' +
      '"forward protocol 41" on the router helps, or another tunnel that runs over UDP.',
    mtuAdvice(tunnel.mtu),
  ];
}

function status({ relay }: Tunnel): string[] {
  const first =
    'RFC 7526 withdrew the anycast relays of 6to4 (192.88.99.0/24) in 2015, not 6to4 itself: sites with 6to4 addresses reach ' +
    'each other directly, as neighbours in 2002::/16.';
  return relay === undefined
    ? [
        `${first} There is no route to the rest of the IPv6 Internet here, and none should be added but to a relay of your own.`,
      ]
    : [
        `${first} The rest of the IPv6 Internet is reached by your own relay ${formatIpv4(relay)}; networks may filter 2002::/16, ` +
          'so that some of it does not answer.',
      ];
}

function direct({ kind }: Tunnel): string {
  const from = kind === '6in4' ? 'from the other end' : 'from anywhere';
  return `A firewall on this host must let IPv4 protocol 41 in ${from} (nftables: "ip protocol 41 accept").`;
}

function behindNat({ kind, keepalive, local }: Tunnel): string {
  if (keepalive !== undefined) {
    return (
      'The gateway in front only masquerades: packets get in while its entry lives (600 s by default), so a timer pings the ' +
      'other end. Nobody reaches this host while the entry is gone.'
    );
  }
  const make = `"sixgate generate nat-gateway --target ${formatIpv4(local)}" makes the rules`;
  return (
    `The gateway in front must send protocol 41 to ${formatIpv4(local)} and send it out from its public address: ${make}. ` +
    'Only one host behind a public address can have such a tunnel.' +
    (kind === '6in4' ? ' Where the gateway cannot be configured, --keepalive may do.' : '')
  );
}

/** Why this MTU. */
export function mtuAdvice(mtu: number): string {
  if (mtu === 1280) {
    return (
      'The MTU is 1280, the least that IPv6 needs: at that size packets pass every path, also where ICMP is filtered. ' +
      'A larger one is worth it only if the whole IPv4 path carries 20 bytes more (1480 on Ethernet, 1472 with PPPoE).'
    );
  }
  return (
    `The MTU is ${mtu} because that was asked for: every IPv4 path to a peer must carry ${mtu + 20} bytes or let ICMP ` +
    '"fragmentation needed" through; otherwise connections open and then hang. 1280 always works.'
  );
}
