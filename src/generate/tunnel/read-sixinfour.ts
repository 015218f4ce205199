import { formatIpv4, parseIpv4 } from '../../core/ipv4.ts';
import { formatIpv6, ipv6FromBigInt, parseIpv6, type Ipv6Address } from '../../core/ipv6.ts';
import { contains, formatPrefix, overlap, parseAddressWithLength, parsePrefix, prefixOf } from '../../core/prefix.ts';
import { rangeOf, rangeOfPrefix } from '../../core/scope.ts';
import { sixToFourMartianOf } from '../../core/sixtofour-martians.ts';
import type { IntentFields } from '../intent/intent-fields.ts';
import { isExampleIpv4, isPrivateIpv4, parsePublicIpv4 } from '../intent/public-ipv4.ts';
import { checkLocal } from './read-sixtofour.ts';
import type { TunnelEnds } from './read-tunnel.ts';

/** 6in4 (RFC 4213): a tunnel to one peer, most often a broker that routes a prefix. */
export function readSixInFour(fields: IntentFields): TunnelEnds | undefined {
  const local = fields.required('local', parseIpv4);
  const remote = fields.required('remote', parsePublicIpv4);
  const address = fields.required('address', parseAddressWithLength);
  const routed = fields.optional('routed', parsePrefix);
  const ipv4 = fields.optional('ipv4', parsePublicIpv4);
  const givenGateway = fields.optional('gateway', parseIpv6);
  const behindNat = fields.flag('behindNat') || fields.has('ipv4');
  if (local === undefined || remote === undefined || address === undefined) return undefined;

  if (behindNat) checkLocal(fields, local, ipv4);
  else if (isPrivateIpv4(local)) {
    fields.refuse('local', {
      code: 'tunnel-local',
      message: `${formatIpv4(local)} is private: packets from it reach no broker unless a gateway translates them`,
      mend: 'Say that this host is behind NAT (--behind-nat, or --ipv4 with the public address of the gateway).',
    });
  } else {
    const martian = sixToFourMartianOf(local);
    if (martian !== undefined && !isExampleIpv4(local)) {
      const message = `${formatIpv4(local)} is ${martian.what} (${martian.rfc})`;
      fields.refuse('local', { code: 'tunnel-local', message });
    }
  }
  if (remote === local || remote === ipv4) {
    const message = `${formatIpv4(remote)} is this end of the tunnel`;
    fields.refuse('remote', { code: 'tunnel-address', message });
  }

  const onLink = prefixOf(address.address, address.length);
  const range = rangeOf(address.address);
  if (range.reachable === false && range.kind !== 'documentation' && range.kind !== 'unique-local') {
    const message = `${formatIpv6(address.address)} is ${range.name}, no address for a tunnel`;
    fields.refuse('address', { code: 'tunnel-prefix', message });
  }
  if (address.length < 48 || address.length > 127) {
    fields.refuse('address', {
      code: 'tunnel-prefix',
      message: `/${address.length} is no length for the link between two tunnel ends`,
      mend: 'Take the length that the broker names, most often /64; the other end must be in it too.',
    });
    return undefined;
  }
  const gateway = givenGateway ?? otherEnd(address.address, onLink.address, address.length);
  if (gateway === address.address || !contains(onLink, gateway)) {
    const where = gateway === address.address ? 'this end itself' : `not within ${formatPrefix(onLink)}`;
    const message = `${formatIpv6(gateway)} is ${where}`;
    fields.refuse('gateway', { code: 'tunnel-prefix', message, mend: 'Give the IPv6 address of the other end.' });
  }
  if (routed !== undefined && (routed.length > 64 || overlap(routed, onLink))) {
    fields.refuse('routed', {
      code: 'tunnel-prefix',
      message:
        routed.length > 64
          ? `${formatPrefix(routed)} has no room for a /64`
          : `${formatPrefix(routed)} has addresses in common with the tunnel's own ${formatPrefix(onLink)}`,
      mend: 'Give the prefix that the broker routes to you, beside the one of the tunnel.',
    });
    return undefined;
  }
  return {
    local,
    remote,
    behindNat,
    ...(behindNat ? ipv4 !== undefined && { publicIpv4: ipv4 } : { publicIpv4: local }),
    address: address.address,
    onLinkLength: address.length,
    ...(routed !== undefined && { prefix: routed }),
    gateway,
    martians: [],
    example:
      [local, remote, ipv4].some((each) => each !== undefined && isExampleIpv4(each)) ||
      range.kind === 'documentation' ||
      (routed !== undefined && rangeOfPrefix(routed).kind === 'documentation'),
  };
}

/** Brokers number their own end ::1; the next one if that is ours. A /127 has only two (RFC 6164). */
function otherEnd(own: Ipv6Address, base: Ipv6Address, length: number): Ipv6Address {
  if (length === 127) return ipv6FromBigInt(own ^ 1n);
  const first = ipv6FromBigInt(base + 1n);
  return own === first ? ipv6FromBigInt(base + 2n) : first;
}
