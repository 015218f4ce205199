import { formatIpv6 } from '../../../core/ipv6.ts';
import { contains, formatPrefix } from '../../../core/prefix.ts';
import { rangeOf } from '../../../core/scope.ts';
import { ok, problem, unknown, warning, type Finding } from '../../doctor/finding.ts';
import { formatGuestKey } from '../match-guest.ts';
import type { XenConfig } from '../xen-config.ts';
import type { XenFacts } from './xen-facts.ts';

/** Dom0's own addresses against what guests have, and whether it has one for ICMPv6 errors. */
export function judgeAddresses({ interfaces, guests }: XenFacts, config: XenConfig): Finding[] {
  if (!interfaces.known) return [unknown('xen-overlap', 'the addresses of Dom0', interfaces.why)];
  const vifs = new Set(guests.known ? guests.value.map(({ vif }) => vif.device) : []);
  const own = interfaces.value
    .filter(({ name }) => !vifs.has(name))
    .flatMap(({ name, addresses }) => addresses.map(({ address }) => ({ name, address })));
  const overlaps = config.guests.flatMap(({ key, interfaces: of }) =>
    of.flatMap(({ prefixes, addresses, routed, gateway }) => {
      const taken = [...prefixes, ...routed, ...addresses.map((address) => ({ address, length: 128 }))];
      return own.flatMap(({ name, address }) => {
        const within = taken.find((prefix) => contains(prefix, address));
        if (!within || address === gateway) return [];
        const found = `${formatIpv6(address)} is on ${name} of Dom0, and ${formatPrefix(within)} belongs to ${formatGuestKey(key)}`;
        return [problem(`xen-overlap:${name}`, found, 'Give one of them another.')];
      });
    }),
  );
  const global = own.some(({ address }) => !['link-local', 'loopback', 'unspecified'].includes(rangeOf(address).kind));
  const source =
    global || config.address !== undefined
      ? ok('xen-address', 'Dom0 has a global address for ICMPv6 errors')
      : warning(
          'xen-address',
          'Dom0 has no global address, so its ICMPv6 errors come from link-local ones and die one hop on',
          'Write one of your addresses as xen.address, then: sixgate xen sync',
        );
  return [...(overlaps.length > 0 ? overlaps : [ok('xen-overlap', 'no address of Dom0 belongs to a guest')]), source];
}
