import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv4Prefix } from '../../core/ipv4-prefix.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { describeTunnel } from './describe-tunnel.ts';
import type { Tunnel, TunnelLan } from './tunnel.ts';

export const ifupdownFlavours = ['ifupdown', 'ifupdown2', 'ifupdown-ng'] as const;
export type IfupdownFlavour = (typeof ifupdownFlavours)[number];

/**
 * Stanzas for /etc/network/interfaces.d. Debian's ifupdown (0.8.41) has the method v4tunnel; its method 6to4 is never used: it
 * always routes to the relay that RFC 7526 withdrew, and takes the prefix from `local`. ifupdown2 (3.0) and ifupdown-ng
 * (0.11) know neither and call the same things by names of their own.
 */
export function ifupdownTunnel(tunnel: Tunnel, flavour: IfupdownFlavour = 'ifupdown'): GeneratedFile[] {
  const { name, unreachable, lans } = tunnel;
  const lines = [
    `auto ${name}`,
    flavour === 'ifupdown' ? `iface ${name} inet6 v4tunnel` : `iface ${name}`,
    ...options(tunnel, flavour).map(([option, value]) => `    ${option} ${value}`),
    ...sixRdLines(tunnel),
    ...routeLines(tunnel),
    ...unreachable.flatMap((prefix) => [
      `    up ip -6 route replace unreachable ${formatPrefix(prefix)}`,
      `    down ip -6 route del unreachable ${formatPrefix(prefix)} || true`,
    ]),
    ...lans.flatMap((lan) => lanStanza(lan, flavour)),
  ];
  const how = [
    '/etc/network/interfaces must have a line "source interfaces.d/*". Now:',
    commandLine(`ifup ${name}`),
    ...lans.map((lan) => commandLine(`ifdown ${lan.interface}; ifup ${lan.interface}`)),
  ];
  const head = describeTunnel(tunnel, flavour === 'ifupdown' ? 'ifupdown' : `ifupdown --flavour ${flavour}`, how);
  return [
    { path: `/etc/network/interfaces.d/${name}`, mode: 0o644, text: `${head.join('\n')}\n\n${lines.join('\n')}\n` },
  ];
}

function options({ local, remote, address, onLinkLength, mtu, ttl }: Tunnel, flavour: IfupdownFlavour): string[][] {
  const outer = formatIpv4(local);
  const own = `${formatIpv6(address)}/${onLinkLength}`;
  switch (flavour) {
    case 'ifupdown':
      return [
        ['address', own],
        ['local', outer],
        ['endpoint', remote === undefined ? 'any' : formatIpv4(remote)],
        ['ttl', `${ttl}`],
        ['mtu', `${mtu}`],
      ];
    case 'ifupdown2':
      return [
        ['tunnel-mode', 'sit'],
        ['tunnel-local', outer],
        // It takes addresses only; this one is "any".
        ['tunnel-endpoint', remote === undefined ? '0.0.0.0' : formatIpv4(remote)],
        ['tunnel-ttl', `${ttl}`],
        ['mtu', `${mtu}`],
        ['address', own],
      ];
    case 'ifupdown-ng':
      return [
        ['use', 'tunnel'],
        ['tunnel-mode', 'sit'],
        ['tunnel-local', outer],
        ['tunnel-remote', remote === undefined ? 'any' : formatIpv4(remote)],
        ['tunnel-ttl', `${ttl}`],
        ['mtu', `${mtu}`],
        ['address', own],
      ];
  }
}

function sixRdLines({ sixRd }: Tunnel): string[] {
  if (sixRd === undefined) return [];
  const common = sixRd.common.length > 0 ? ` 6rd-relay_prefix ${formatIpv4Prefix(sixRd.common)}` : '';
  return [`    up ip tunnel 6rd dev $IFACE 6rd-prefix ${formatPrefix(sixRd.prefix)}${common}`];
}

function routeLines({ gateway }: Tunnel): string[] {
  // By hand in all flavours: v4tunnel's own "gateway" would add a host route to ::a.b.c.d, which is there already.
  return gateway === undefined ? [] : [`    up ip -6 route replace default via ${formatIpv6(gateway)} dev $IFACE`];
}

function lanStanza(lan: TunnelLan, flavour: IfupdownFlavour): string[] {
  return [
    '',
    `# Subnet ${lan.id}, beside what other stanzas say about ${lan.interface}.`,
    flavour === 'ifupdown' ? `iface ${lan.interface} inet6 static` : `iface ${lan.interface}`,
    `    address ${formatIpv6(lan.address)}/64`,
  ];
}
