import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { shellWord } from '../../core/shell-word.ts';
import { commandLine, commentLines } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { allSites } from './martian-prefixes.ts';
import { describeTunnel } from './describe-tunnel.ts';
import { filterPath } from './filter-file.ts';
import type { Tunnel } from './tunnel.ts';

/**
 * A script of uci commands for /etc/uci-defaults, which can also be run at once. 6to4 is written as 6rd with 2002::/16, which is the
 * same packets: OpenWrt's own protocol 6to4 always routes to the withdrawn relay and hands no prefix to a LAN.
 */
export function openwrtTunnel(tunnel: Tunnel): GeneratedFile[] {
  const { name, kind, filter } = tunnel;
  const lines = [
    ...set(`network.${name}`, 'interface'),
    ...(kind === '6in4' ? sixInFour(tunnel) : sixRd(tunnel)),
    ...set(`network.${name}.mtu`, `${tunnel.mtu}`),
    ...set(`network.${name}.ttl`, `${tunnel.ttl}`),
    ...tunnel.unreachable.flatMap((prefix, index) => {
      const section = `network.${name}_r${index}`;
      return [
        ...set(section, 'route6'),
        ...set(`${section}.interface`, 'loopback'),
        ...set(`${section}.target`, formatPrefix(prefix)),
        ...set(`${section}.type`, 'unreachable'),
      ];
    }),
    ...tunnel.lans.flatMap((lan) => [
      ...set(`network.${lan.interface}.ip6assign`, '64'),
      ...set(`network.${lan.interface}.ip6hint`, lan.id.toString(16)),
      ...set(`dhcp.${lan.interface}.ra`, 'server'),
      ...set(`dhcp.${lan.interface}.ra_mtu`, `${tunnel.mtu}`),
    ]),
    ...(filter === 'nftables'
      ? [
          ...set(`firewall.${name}`, 'include'),
          ...set(`firewall.${name}.type`, 'nftables'),
          ...set(`firewall.${name}.position`, 'ruleset-post'),
          ...set(`firewall.${name}.path`, filterPath(tunnel, 'nftables')),
        ]
      : []),
    'uci commit',
    'exit 0',
  ];
  const how = [
    `Needs the package ${kind === '6in4' ? '6in4' : '6rd'}. At the first start it runs by itself; on a running system once:`,
    commandLine(`sh /etc/uci-defaults/60-${name} && service network reload && service firewall reload`),
    'The tunnel belongs into the firewall zone of the WAN, most often the second one:',
    commandLine(`uci add_list firewall.@zone[1].network=${name} && uci commit firewall`),
  ];
  return [
    {
      path: `/etc/uci-defaults/60-${name}`,
      mode: 0o755,
      text: `#!/bin/sh\n${describeTunnel(tunnel, 'openwrt', how).join('\n')}\n\n${lines.join('\n')}\n`,
    },
  ];
}

/** The name that netifd gives the device. */
export function openwrtDevice({ kind, name }: Tunnel): string {
  return `${kind === '6in4' ? '6in4' : '6rd'}-${name}`;
}

function sixRd({ name, local, sixRd: domain, relay, kind }: Tunnel): string[] {
  const prefix = domain?.prefix ?? allSites;
  const noRoute =
    relay === undefined
      ? [
          ...commentLines([
            'There is no relay; an address is needed here all the same, and no default route is made to it.',
          ]),
          ...set(`network.${name}.defaultroute`, '0'),
        ]
      : [];
  return [
    ...(kind === '6to4'
      ? commentLines(['6to4 is 6rd with 2002::/16; the protocol "6to4" of OpenWrt has the withdrawn relay built in.'])
      : []),
    ...set(`network.${name}.proto`, '6rd'),
    ...set(`network.${name}.ipaddr`, formatIpv4(local)),
    ...set(`network.${name}.ip6prefix`, formatIpv6(prefix.address)),
    ...set(`network.${name}.ip6prefixlen`, `${prefix.length}`),
    ...set(`network.${name}.ip4prefixlen`, `${domain?.common.length ?? 0}`),
    ...noRoute,
    ...set(`network.${name}.peeraddr`, formatIpv4(relay ?? local)),
  ];
}

function sixInFour({ name, local, remote, address, onLinkLength, prefix }: Tunnel): string[] {
  return [
    ...set(`network.${name}.proto`, '6in4'),
    ...set(`network.${name}.ipaddr`, formatIpv4(local)),
    ...set(`network.${name}.peeraddr`, formatIpv4(remote!)),
    ...set(`network.${name}.ip6addr`, `${formatIpv6(address)}/${onLinkLength}`),
    ...(prefix === undefined
      ? []
      : [
          `uci -q delete network.${name}.ip6prefix`,
          `uci add_list network.${name}.ip6prefix=${shellWord(formatPrefix(prefix))}`,
        ]),
  ];
}

function set(key: string, value: string): string[] {
  return [`uci set ${key}=${shellWord(value)}`];
}
