import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { formatIni } from '../syntax/ini.ts';
import { describeTunnel } from './describe-tunnel.ts';
import type { Tunnel } from './tunnel.ts';

/**
 * A NetworkManager keyfile (tried with 1.42). Without `remote` it is not loaded, without `addr-gen-mode` it does not come up: a
 * sit device has no MAC address to make a link-local one from.
 */
export function networkManagerTunnel(tunnel: Tunnel): GeneratedFile[] {
  const { name, local, remote, mtu, ttl, address, onLinkLength, gateway, unreachable, lans } = tunnel;
  const routes = [
    ...(gateway === undefined ? [] : [[`::/0,${formatIpv6(gateway)}`]]),
    ...unreachable.map((prefix) => [formatPrefix(prefix), 'type=unreachable']),
  ];
  const text = formatIni([
    {
      name: 'connection',
      entries: [
        ['id', name],
        ['type', 'ip-tunnel'],
        ['interface-name', name],
      ],
    },
    {
      name: 'ip-tunnel',
      entries: [
        // sit
        ['mode', '3'],
        ['local', formatIpv4(local)],
        ['remote', remote === undefined ? '0.0.0.0' : formatIpv4(remote)],
        ['ttl', `${ttl}`],
        ['mtu', `${mtu}`],
      ],
    },
    { name: 'ipv4', entries: [['method', 'disabled']] },
    {
      name: 'ipv6',
      entries: [
        ['method', 'manual'],
        ['addr-gen-mode', 'stable-privacy'],
        ['address1', `${formatIpv6(address)}/${onLinkLength}`],
        ...routes.flatMap(([route = '', options], index) => [
          [`route${index + 1}`, route] as const,
          ...(options === undefined ? [] : [[`route${index + 1}_options`, options] as const]),
        ]),
      ],
    },
  ]);
  const path = `/etc/NetworkManager/system-connections/${name}.nmconnection`;
  const how = [
    'Now:',
    commandLine(`nmcli connection load ${path} && nmcli connection up ${name}`),
    ...(lans.length > 0
      ? [
          'A subnet is an address of the connection that the LAN interface has already; put its name in the place of CONNECTION:',
        ]
      : []),
    ...lans.map(({ id, interface: at, address: own }) =>
      commandLine(`nmcli connection modify CONNECTION +ipv6.addresses ${formatIpv6(own)}/64   # ${id}, ${at}`),
    ),
  ];
  return [
    {
      path,
      // Others readable: NetworkManager ignores the file.
      mode: 0o600,
      text: `${describeTunnel(tunnel, 'networkmanager', how).join('\n')}\n\n${text}`,
    },
  ];
}
