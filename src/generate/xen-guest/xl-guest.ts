import { formatIpv4 } from '../../core/ipv4.ts';
import { formatMac } from '../../core/mac-address.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { describeGuest } from './describe-guest.ts';
import { guestFileName } from './guest-file-name.ts';
import { dom0Advice } from './xen-guest-advice.ts';
import type { XenGuestLink } from './xen-guest.ts';

/** The line for the guest's xl.cfg. Nothing in it needs quotes beside those around it: names and addresses are plain. */
export function xlGuest(link: XenGuestLink): GeneratedFile[] {
  const { name, device, mac, script, ipv4, gatewaydev, vifname } = link;
  const keys = [
    ...(mac === undefined ? [] : [`mac=${formatMac(mac)}`]),
    `script=${script}`,
    ...(ipv4 === undefined ? [] : [`ip=${formatIpv4(ipv4.address)}`]),
    ...(gatewaydev === undefined ? [] : [`gatewaydev=${gatewaydev}`]),
    ...(vifname === undefined ? [] : [`vifname=${vifname}`]),
  ];
  const head = describeGuest(
    link,
    'xl',
    [
      'For the xl.cfg of the guest. A guest with several interfaces has one such text for each, separated by commas, in one line.',
    ],
    dom0Advice(link),
  );
  return [
    {
      path: `/etc/xen/${guestFileName(name)}-${device}.vif`,
      mode: 0o644,
      text: `${head.join('\n')}\nvif = [ '${keys.join(',')}' ]\n`,
    },
  ];
}
