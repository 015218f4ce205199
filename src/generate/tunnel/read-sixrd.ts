import { ipv4PrefixOf } from '../../core/ipv4-prefix.ts';
import { formatIpv4, parseIpv4 } from '../../core/ipv4.ts';
import { ipv6FromBigInt } from '../../core/ipv6.ts';
import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import { rangeOfPrefix } from '../../core/scope.ts';
import { sixToFourMartianOf } from '../../core/sixtofour-martians.ts';
import type { IntentFields } from '../intent/intent-fields.ts';
import { isExampleIpv4, isPrivateIpv4, isSharedIpv4, parsePublicIpv4 } from '../intent/public-ipv4.ts';
import { sixRdMartianPrefixes, sixRdPrefix } from './martian-prefixes.ts';
import type { TunnelEnds } from './read-tunnel.ts';

/** 6rd (RFC 5969): the provider's prefix and the bits of our IPv4 address that not all of its customers have in common. */
export function readSixRd(fields: IntentFields): TunnelEnds | undefined {
  const prefix = fields.required('prefix', parsePrefix);
  const maskLength = fields.integer('ipv4MaskLength', { min: 0, max: 31 }) ?? 0;
  const relay = fields.required('relay', maskLength > 0 ? parseIpv4 : parsePublicIpv4);
  const ipv4 = fields.required('ipv4', maskLength > 0 ? parseIpv4 : parsePublicIpv4);
  if (prefix === undefined || ipv4 === undefined || relay === undefined) return undefined;

  const range = rangeOfPrefix(prefix);
  if (range.kind !== 'global-unicast' && range.kind !== 'documentation') {
    fields.refuse('prefix', {
      code: 'tunnel-prefix',
      message: `${formatPrefix(prefix)} is ${range.name}; the prefix of a 6rd provider is global unicast`,
    });
    return undefined;
  }
  const length = prefix.length + 32 - maskLength;
  if (length > 64) {
    fields.refuse('prefix', {
      code: 'tunnel-prefix',
      message: `with ${32 - maskLength} bits of the IPv4 address a /${prefix.length} leaves a /${length}: not even one subnet`,
      mend: 'See what the provider calls the "IPv4 mask length" (DHCP option 212): it may be more than 0.',
    });
    return undefined;
  }
  for (const [key, address] of [
    ['ipv4', ipv4],
    ['relay', relay],
  ] as const) {
    const martian = sixToFourMartianOf(address);
    if (martian === undefined || isExampleIpv4(address) || isPrivateIpv4(address) || isSharedIpv4(address)) continue;
    const text = formatIpv4(address);
    fields.refuse(key, { code: 'tunnel-address', message: `${text} is ${martian.what} (${martian.rfc})` });
  }
  if (relay === ipv4) {
    const message = `${formatIpv4(relay)} is this host itself, not the border relay of the provider`;
    fields.refuse('relay', { code: 'tunnel-relay', message });
  }
  const sixRd = { prefix, common: ipv4PrefixOf(ipv4, maskLength) };
  const own = sixRdPrefix(sixRd, ipv4PrefixOf(ipv4, 32));
  const example = isExampleIpv4(ipv4) || isExampleIpv4(relay);
  return {
    local: ipv4,
    behindNat: false,
    publicIpv4: ipv4,
    address: ipv6FromBigInt(own.address + 1n),
    onLinkLength: prefix.length,
    prefix: own,
    sixRd,
    relay,
    gateway: ipv6FromBigInt(BigInt(relay)),
    martians: sixRdMartianPrefixes(sixRd, ipv4, example),
    example: example || range.kind === 'documentation',
  };
}
