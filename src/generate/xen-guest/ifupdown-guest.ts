import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { describeGuest } from './describe-guest.ts';
import type { XenGuestLink } from './xen-guest.ts';

/** Stanzas for Debian's ifupdown (0.8.41), which adds every gateway as on-link. */
export function ifupdownGuest(link: XenGuestLink): GeneratedFile[] {
  const { interface: name, addresses, ipv4 } = link;
  const stanzas = [
    ...(ipv4 === undefined
      ? []
      : [
          [
            `iface ${name} inet static`,
            `    address ${formatIpv4(ipv4.address)}/32`,
            `    pointopoint ${formatIpv4(ipv4.gateway)}`,
            ...(ipv4.isDefault ? [`    gateway ${formatIpv4(ipv4.gateway)}`] : []),
            ...(addresses.length === 0 ? servers(link) : []),
          ],
        ]),
    ...addresses.map((each, index) => [
      `iface ${name} inet6 static`,
      `    address ${formatIpv6(each.address)}/${each.length}`,
      ...(index === 0 ? once(link) : []),
    ]),
  ];
  const head = describeGuest(link, 'ifupdown', [
    '/etc/network/interfaces must have a line "source interfaces.d/*" and no stanzas of its own for this interface. Now:',
    commandLine(`ifdown ${name}; ifup ${name}`),
  ]);
  return [
    {
      path: `/etc/network/interfaces.d/${name}`,
      mode: 0o644,
      text: `${head.join('\n')}\n\nauto ${name}\n${stanzas.map((lines) => lines.join('\n')).join('\n\n')}\n`,
    },
  ];
}

/** With the first address. */
function once(link: XenGuestLink): string[] {
  const { gateway, routed } = link;
  return [
    ...(gateway === undefined ? [] : [`    gateway ${formatIpv6(gateway)}`]),
    '    accept_ra 0',
    '    autoconf 0',
    ...servers(link),
    ...routed.flatMap((prefix) => [
      `    up ip -6 route replace unreachable ${formatPrefix(prefix)}`,
      `    down ip -6 route del unreachable ${formatPrefix(prefix)} || true`,
    ]),
  ];
}

function servers({ dns }: XenGuestLink): string[] {
  return dns.length === 0 ? [] : [`    dns-nameservers ${dns.join(' ')}`];
}
