import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { formatIni } from '../syntax/ini.ts';
import { formatYaml, type YamlValue } from '../syntax/yaml.ts';
import { describeBeside, describeTunnel } from './describe-tunnel.ts';
import { advertisement } from './networkd.ts';
import type { Tunnel } from './tunnel.ts';

/**
 * netplan with networkd (tried with 0.106): "0.0.0.0" is how it writes "any". Its NetworkManager renderer refuses unreachable
 * routes and loses the MTU, so it is never used here.
 */
export function netplanTunnel(tunnel: Tunnel): GeneratedFile[] {
  const { name, local, remote, mtu, ttl, address, onLinkLength, gateway, unreachable, lans, advertise } = tunnel;
  const routes: YamlValue[] = [
    ...(gateway === undefined ? [] : [{ to: '::/0', via: formatIpv6(gateway) }]),
    ...unreachable.map((prefix) => ({ to: formatPrefix(prefix), type: 'unreachable' })),
  ];
  const document = {
    network: {
      version: 2,
      tunnels: {
        [name]: {
          renderer: 'networkd',
          mode: 'sit',
          local: formatIpv4(local),
          remote: remote === undefined ? '0.0.0.0' : formatIpv4(remote),
          ttl,
          mtu,
          'link-local': [],
          'accept-ra': false,
          addresses: [`${formatIpv6(address)}/${onLinkLength}`],
          ...(routes.length > 0 && { routes }),
        },
      },
      ...(lans.length > 0 && {
        ethernets: Object.fromEntries(
          lans.map((lan) => [lan.interface, { addresses: [`${formatIpv6(lan.address)}/64`] }]),
        ),
      }),
    },
  };
  const how = [
    ...(lans.length > 0
      ? [
          'An interface that other files define under bridges, vlans, bonds or wifis has to stand under that word here too.',
        ]
      : []),
    'Now, and undone after two minutes unless confirmed:',
    commandLine('netplan try'),
  ];
  return [
    {
      path: `/etc/netplan/60-${name}.yaml`,
      // netplan warns about files that others can read.
      mode: 0o600,
      text: `${describeTunnel(tunnel, 'netplan', how).join('\n')}\n${formatYaml(document)}`,
    },
    ...(advertise === 'networkd'
      ? lans.map((lan) => ({
          path: `/etc/systemd/network/10-netplan-${lan.interface}.network.d/${name}.conf`,
          mode: 0o644,
          text: [
            ...describeBeside(tunnel, `Advertisement of subnet ${lan.id}`, [
              'netplan has no word for it, so it is added to the .network file that netplan makes.',
            ]),
            '',
            formatIni([{ name: 'Network', entries: [['IPv6SendRA', 'yes']] }, ...advertisement(tunnel, lan)]),
          ].join('\n'),
        }))
      : []),
  ];
}
