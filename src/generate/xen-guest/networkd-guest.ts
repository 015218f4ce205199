import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { isLinkLocal } from '../../core/link-local.ts';
import { formatMac } from '../../core/mac-address.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { formatIni, type IniSection } from '../syntax/ini.ts';
import { describeGuest } from './describe-guest.ts';
import type { XenGuestLink } from './xen-guest.ts';

/** A .network file for systemd-networkd (252). */
export function networkdGuest(link: XenGuestLink): GeneratedFile[] {
  const { interface: name, mac, addresses, gateway, routed, ipv4, dns } = link;
  const onLink = ['GatewayOnLink', 'yes'] as const;
  const sections: IniSection[] = [
    // The MAC address stays when the interface is called something else after an upgrade.
    { name: 'Match', entries: [mac === undefined ? ['Name', name] : ['MACAddress', formatMac(mac)]] },
    { name: 'Network', entries: [['IPv6AcceptRA', 'no'], ...dns.map((server) => ['DNS', server] as const)] },
    ...addresses.map((each) => ({
      name: 'Address',
      entries: [['Address', `${formatIpv6(each.address)}/${each.length}`] as const],
    })),
    ...(gateway === undefined
      ? []
      : [
          {
            name: 'Route',
            entries: [['Gateway', formatIpv6(gateway)] as const, ...(isLinkLocal(gateway) ? [onLink] : [])],
          },
        ]),
    ...routed.map((prefix) => ({
      name: 'Route',
      entries: [['Destination', formatPrefix(prefix)] as const, ['Type', 'unreachable'] as const],
    })),
    ...(ipv4 === undefined
      ? []
      : [
          {
            name: 'Address',
            entries: [
              ['Address', `${formatIpv4(ipv4.address)}/32`] as const,
              ['Peer', `${formatIpv4(ipv4.gateway)}/32`] as const,
            ],
          },
          ...(ipv4.isDefault
            ? [{ name: 'Route', entries: [['Gateway', formatIpv4(ipv4.gateway)] as const, onLink] }]
            : []),
        ]),
  ];
  const head = describeGuest(link, 'networkd', ['Now:', commandLine('networkctl reload')]);
  return [
    {
      path: `/etc/systemd/network/25-${name}.network`,
      mode: 0o644,
      text: [...head, '', formatIni(sections)].join('\n'),
    },
  ];
}
