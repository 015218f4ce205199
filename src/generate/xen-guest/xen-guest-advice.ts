import { formatIpv6 } from '../../core/ipv6.ts';
import { isLinkLocal, linkLocalOfMac } from '../../core/link-local.ts';
import type { XenGuestLink } from './xen-guest.ts';

/** Paragraphs for the guest's side about what has to fit together on both ends. */
export function guestAdvice(link: XenGuestLink): string[] {
  const { interface: name, device, gateway, routed, ipv4 } = link;
  return [
    'Dom0 has to know of the addresses: "sixgate generate xen-guest --for sixgate" with the same values writes its part, and ' +
      '"--for xl" the line of the xl.cfg.',
    ...(name === `enX${device}`
      ? [
          `Since systemd 250 (Debian 12) the interface is called ${name}; in older guests it is eth${device} (--interface).`,
        ]
      : []),
    ...(gateway !== undefined && isLinkLocal(gateway)
      ? [
          `The gateway ${formatIpv6(gateway)} is Dom0 on this very link. It is the same in every guest and stays when prefixes ` +
            'change.',
        ]
      : []),
    ...(routed.length > 0
      ? [
          `What is routed to the guest comes by way of its link-local address, ${viaOf(link)}. Whatever of it the guest does not ` +
            'use is to be unreachable there: otherwise such packets travel to and fro between guest and Dom0.',
        ]
      : []),
    ...(ipv4 === undefined
      ? []
      : [
          "The IPv4 gateway is Dom0's own address on its way out; it is not in the guest's network, hence point-to-point.",
        ]),
  ];
}

/** For Dom0's side. */
export function dom0Advice(link: XenGuestLink): string[] {
  const { routed, proxyNdp } = link;
  return [
    'The guest has to configure the same: "sixgate generate xen-guest" with the same values and --for ifupdown, netplan, ' +
      'networkd or cloud-init.',
    ...(routed.length > 0
      ? [`What is routed to the guest goes to its link-local address, ${viaOf(link)}; it must keep that.`]
      : []),
    ...(proxyNdp
      ? ['Dom0 answers for the single addresses on the link of the provider: xen.uplink has to name the interface.']
      : []),
  ];
}

function viaOf({ mac }: XenGuestLink): string {
  return mac === undefined ? 'which it makes of its MAC address' : formatIpv6(linkLocalOfMac(mac));
}
