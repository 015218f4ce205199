import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { isLinkLocal } from '../../core/link-local.ts';
import { formatMac } from '../../core/mac-address.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { formatYaml, type YamlValue } from '../syntax/yaml.ts';
import { describeGuest } from './describe-guest.ts';
import type { XenGuestLink } from './xen-guest.ts';

/** netplan (0.106) with networkd: its NetworkManager renderer refuses unreachable routes. */
export function netplanGuest(link: XenGuestLink): GeneratedFile[] {
  const { interface: name, mac, gateway, routed, ipv4, dns } = link;
  const document = {
    network: {
      version: 2,
      ethernets: {
        [name]: {
          renderer: 'networkd',
          ...(mac !== undefined && { match: { macaddress: formatMac(mac) } }),
          'accept-ra': false,
          addresses: addressesOf(link),
          ...routesOf([
            ...(gateway === undefined
              ? []
              : [{ to: '::/0', via: formatIpv6(gateway), ...(isLinkLocal(gateway) && { 'on-link': true }) }]),
            ...routed.map((prefix) => ({ to: formatPrefix(prefix), type: 'unreachable' })),
            ...(ipv4?.isDefault ? [{ to: '0.0.0.0/0', via: formatIpv4(ipv4.gateway), 'on-link': true }] : []),
          ]),
          ...(dns.length > 0 && { nameservers: { addresses: dns } }),
        },
      },
    },
  };
  const head = describeGuest(link, 'netplan', [
    'Now, and undone after two minutes unless confirmed:',
    commandLine('netplan try'),
  ]);
  return [
    {
      path: `/etc/netplan/60-${name}.yaml`,
      // netplan warns about files that others can read.
      mode: 0o600,
      text: `${head.join('\n')}\n${formatYaml(document)}`,
    },
  ];
}

/** Those of both families, with their lengths. */
export function addressesOf({ addresses, ipv4 }: XenGuestLink): string[] {
  return [
    ...addresses.map((each) => `${formatIpv6(each.address)}/${each.length}`),
    ...(ipv4 === undefined ? [] : [`${formatIpv4(ipv4.address)}/32`]),
  ];
}

/** The member, or nothing. */
export function routesOf(routes: readonly YamlValue[]): { readonly routes?: readonly YamlValue[] } {
  return routes.length > 0 ? { routes } : {};
}
