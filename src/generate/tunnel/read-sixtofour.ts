import { formatIpv4, parseIpv4, type Ipv4Address } from '../../core/ipv4.ts';
import { ipv6FromBigInt } from '../../core/ipv6.ts';
import { sixToFourPrefix } from '../../core/sixtofour.ts';
import { sixToFourMartianOf } from '../../core/sixtofour-martians.ts';
import type { IntentFields } from '../intent/intent-fields.ts';
import { isExampleIpv4, isPrivateIpv4, isSharedIpv4, parsePublicIpv4 } from '../intent/public-ipv4.ts';
import { sixToFourMartianPrefixes } from './martian-prefixes.ts';
import type { TunnelEnds } from './read-tunnel.ts';

/** 6to4 (RFC 3056): everything follows from the public IPv4 address. */
export function readSixToFour(fields: IntentFields): TunnelEnds | undefined {
  const ipv4 = fields.required('ipv4', parsePublicIpv4);
  const local = fields.optional('local', parseIpv4);
  const relay = fields.optional('relay', parsePublicIpv4);
  if (ipv4 === undefined) return undefined;
  if (local !== undefined) checkLocal(fields, local, ipv4);
  if (relay === ipv4) {
    fields.refuse('relay', {
      code: 'tunnel-relay',
      message: `${formatIpv4(ipv4)} is this site itself`,
      mend: 'Name another host that has native IPv6 and forwards for you, or leave it out.',
    });
  }
  const prefix = sixToFourPrefix(ipv4);
  const example = isExampleIpv4(ipv4) || (relay !== undefined && isExampleIpv4(relay));
  return {
    local: local ?? ipv4,
    behindNat: local !== undefined,
    publicIpv4: ipv4,
    address: ipv6FromBigInt(prefix.address + 1n),
    onLinkLength: 16,
    prefix,
    ...(relay !== undefined && { relay, gateway: ipv6FromBigInt(BigInt(relay)) }),
    martians: sixToFourMartianPrefixes(example),
    example,
  };
}

/** A `local` beside the public address says that the host is behind NAT: then it is private, and nothing else will do. */
export function checkLocal(fields: IntentFields, local: Ipv4Address, publicIpv4: Ipv4Address | undefined): void {
  const text = formatIpv4(local);
  if (local === publicIpv4) {
    fields.refuse('local', {
      code: 'tunnel-local',
      message: `${text} is the public address: behind NAT this host has another one`,
      mend: 'Leave one of them out if this host has the public address itself; otherwise give its private address here.',
    });
  } else if (isSharedIpv4(local)) {
    fields.refuse('local', {
      code: 'tunnel-local',
      message: `${text} is shared by a provider (RFC 6598): its translator lets no protocol 41 in, whatever you configure`,
      mend: 'Ask the provider for a public address.',
    });
  } else if (!isPrivateIpv4(local)) {
    const martian = sixToFourMartianOf(local);
    const what = martian === undefined || isExampleIpv4(local) ? 'public itself' : martian.what;
    fields.refuse('local', {
      code: 'tunnel-local',
      message: `${text} is ${what}; behind NAT the local address is a private one (RFC 1918)`,
      mend: 'Give the address that this host has on its own interface, as "ip -4 address" shows it.',
    });
  }
}
