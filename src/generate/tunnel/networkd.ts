import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { formatIni, type IniSection } from '../syntax/ini.ts';
import { describeBeside, describeTunnel } from './describe-tunnel.ts';
import { allSites } from './martian-prefixes.ts';
import type { Tunnel, TunnelLan } from './tunnel.ts';

const directory = '/etc/systemd/network';

/** systemd-networkd (tried with 252): the device, the link, and a file for each LAN. */
export function networkdTunnel(tunnel: Tunnel): GeneratedFile[] {
  const { name, local, remote, mtu, ttl, address, onLinkLength, sixRd, gateway, unreachable, lans } = tunnel;
  const how = ['Now (what is there already is changed only after "ip link delete"):', commandLine('networkctl reload')];
  const device = formatIni([
    {
      name: 'NetDev',
      entries: [
        ['Name', name],
        ['Kind', 'sit'],
        ['MTUBytes', `${mtu}`],
      ],
    },
    {
      name: 'Tunnel',
      entries: [
        ['Local', formatIpv4(local)],
        ['Remote', remote === undefined ? 'any' : formatIpv4(remote)],
        ['TTL', `${ttl}`],
        ...(sixRd === undefined ? [] : [['IPv6RapidDeploymentPrefix', formatPrefix(sixRd.prefix)] as const]),
        // Otherwise the device is made only when a .network of another interface names it.
        ['Independent', 'yes'],
      ],
    },
  ]);
  const link = formatIni([
    { name: 'Match', entries: [['Name', name]] },
    {
      name: 'Network',
      entries: [
        ['LinkLocalAddressing', 'no'],
        ['IPv6AcceptRA', 'no'],
        ['ConfigureWithoutCarrier', 'yes'],
        ['Address', `${formatIpv6(address)}/${onLinkLength}`],
      ],
    },
    ...(gateway === undefined ? [] : [{ name: 'Route', entries: [['Gateway', formatIpv6(gateway)] as const] }]),
    ...unreachable.map((prefix) => ({
      name: 'Route',
      entries: [['Destination', formatPrefix(prefix)] as const, ['Type', 'unreachable'] as const],
    })),
  ]);
  return [
    {
      path: `${directory}/25-${name}.netdev`,
      mode: 0o644,
      text: [...describeTunnel(tunnel, 'networkd', how), '', device].join('\n'),
    },
    { path: `${directory}/25-${name}.network`, mode: 0o644, text: link },
    ...lans.map((lan) => lanFile(tunnel, lan)),
  ];
}

function lanFile(tunnel: Tunnel, lan: TunnelLan): GeneratedFile {
  const how = [
    `Where ${lan.interface} has a .network file already, only the first file in lexical order counts: put all but [Match] into ` +
      `${directory}/FILE.network.d/${tunnel.name}.conf instead.`,
  ];
  const text = formatIni([
    { name: 'Match', entries: [['Name', lan.interface]] },
    {
      name: 'Network',
      entries: [
        ['Address', `${formatIpv6(lan.address)}/64`],
        ...(tunnel.advertise === 'networkd' ? [['IPv6SendRA', 'yes'] as const] : []),
      ],
    },
    ...(tunnel.advertise === 'networkd' ? advertisement(tunnel, lan) : []),
  ]);
  return {
    path: `${directory}/25-${tunnel.name}-${lan.interface}.network`,
    mode: 0o644,
    text: [...describeBeside(tunnel, `Subnet ${lan.id}`, how), '', text].join('\n'),
  };
}

/** What networkd advertises. It has no MTU for it (252): the filter's limit on the segment size stands in. */
export function advertisement({ gateway }: Tunnel, lan: TunnelLan): IniSection[] {
  return [
    { name: 'IPv6SendRA', entries: [['EmitDNS', 'no']] },
    { name: 'IPv6Prefix', entries: [['Prefix', formatPrefix(lan.prefix)]] },
    // Hosts learn that at least the neighbours are reached here (RFC 4191), even beside a router that is preferred.
    ...(gateway === undefined
      ? [{ name: 'IPv6RoutePrefix', entries: [['Route', formatPrefix(allSites)] as const] }]
      : []),
  ];
}
