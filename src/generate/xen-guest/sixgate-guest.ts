import { formatIpv6, ipv6FromBigInt } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { commandLine } from '../advice/wrap-text.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { formatYaml, type YamlValue } from '../syntax/yaml.ts';
import { describeGuest } from './describe-guest.ts';
import { guestFileName } from './guest-file-name.ts';
import { dom0Advice } from './xen-guest-advice.ts';
import type { XenGuestLink } from './xen-guest.ts';

const usualGateway = ipv6FromBigInt((0xfe80n << 112n) | 1n);

/** Dom0's part: the guest's entry in the configuration, in a file of its own. */
export function sixgateGuest(link: XenGuestLink): GeneratedFile[] {
  const { name, device, prefixes, singles, gateway, routed, proxyNdp } = link;
  const entry: Record<string, YamlValue> = {
    ...(prefixes.length > 0 && { prefixes: prefixes.map(formatPrefix) }),
    ...(singles.length > 0 && { addresses: singles.map(formatIpv6) }),
    ...(gateway !== undefined && gateway !== usualGateway && { gateway: formatIpv6(gateway) }),
    ...(routed.length > 0 && { routed: routed.map(formatPrefix) }),
    ...(proxyNdp && { proxyNdp }),
  };
  const head = describeGuest(
    link,
    'sixgate',
    ['Read as soon as the guest starts; for one that runs already:', commandLine('sixgate xen sync')],
    dom0Advice(link),
  );
  return [
    {
      path: `/etc/sixgate/conf.d/guest-${guestFileName(name)}-${device}.yaml`,
      mode: 0o644,
      text: `${head.join('\n')}\n${formatYaml({ xen: { guests: { [name]: { vifs: { [device]: entry } } } } })}`,
    },
  ];
}
