import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatMac } from '../../core/mac-address.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { formatYaml } from '../syntax/yaml.ts';
import { describeGuest } from './describe-guest.ts';
import { addressesOf } from './netplan-guest.ts';
import type { XenGuestLink } from './xen-guest.ts';

/**
 * The network-config of a NoCloud seed, version 2, in words that cloud-init (22.4) hands on rightly to ifupdown, netplan and
 * networkd, whichever the guest has: of a route to ::/0 it makes one to ::/64 for two of them, so the gateways are not routes;
 * and that the IPv4 gateway is on the link has to be a route with a next hop of its own. It has no unreachable routes.
 */
export function cloudInitGuest(link: XenGuestLink): GeneratedFile[] {
  const { interface: name, mac, gateway, ipv4, dns } = link;
  const document = {
    version: 2,
    ethernets: {
      [name]: {
        ...(mac !== undefined && { match: { macaddress: formatMac(mac) } }),
        'accept-ra': false,
        addresses: addressesOf(link),
        ...(gateway !== undefined && { gateway6: formatIpv6(gateway) }),
        ...(ipv4?.isDefault && {
          gateway4: formatIpv4(ipv4.gateway),
          routes: [{ to: `${formatIpv4(ipv4.gateway)}/32`, via: '0.0.0.0', scope: 'link' }],
        }),
        ...(dns.length > 0 && { nameservers: { addresses: dns } }),
      },
    },
  };
  const head = describeGuest(link, 'cloud-init', [
    'Put it into the seed of the NoCloud data source as network-config, beside meta-data and user-data.',
  ]);
  return [
    {
      path: '/var/lib/cloud/seed/nocloud/network-config',
      mode: 0o644,
      text: `${head.join('\n')}\n${formatYaml(document)}`,
    },
  ];
}
