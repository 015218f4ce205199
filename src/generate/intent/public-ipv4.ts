import { parseIpv4, type Ipv4Address } from '../../core/ipv4.ts';
import { quote } from '../../core/quote.ts';
import { fail, type Result } from '../../core/result.ts';
import { sixToFourMartianOf, type Martian } from '../../core/sixtofour-martians.ts';

/**
 * An IPv4 address that others can reach: none of the martians of RFC 3964. Addresses for documentation pass, so that examples
 * and tests can be made; whoever takes them warns (`isExampleIpv4`).
 */
export function parsePublicIpv4(text: string): Result<Ipv4Address> {
  const address = parseIpv4(text);
  if (!address.ok) return address;
  const martian = sixToFourMartianOf(address.value);
  if (martian === undefined || isExample(martian)) return address;
  return fail({
    code: martian.rfc === 'RFC 7526' ? 'tunnel-relay' : 'tunnel-address',
    message: `${quote(text)} is ${martian.what} (${martian.rfc}): nobody can send protocol 41 to it from outside`,
    mend: mendOf(martian),
  });
}

export function isExampleIpv4(address: Ipv4Address): boolean {
  const martian = sixToFourMartianOf(address);
  return martian !== undefined && isExample(martian);
}

/** The address of a host inside: RFC 1918. */
export function isPrivateIpv4(address: Ipv4Address): boolean {
  return sixToFourMartianOf(address)?.rfc === 'RFC 1918';
}

/** Handed out by a provider that translates (RFC 6598). */
export function isSharedIpv4(address: Ipv4Address): boolean {
  return sixToFourMartianOf(address)?.rfc === 'RFC 6598';
}

export function isExample(martian: Martian): boolean {
  return martian.rfc === 'RFC 5737';
}

function mendOf(martian: Martian): string {
  if (martian.rfc === 'RFC 1918') {
    return 'Give the public address of the gateway as the public one, and this one as the local one (behind NAT).';
  }
  if (martian.rfc === 'RFC 6598') {
    return 'Ask the provider for a public address; without one neither 6to4 nor 6in4 can work, WireGuard to a server can.';
  }
  if (martian.rfc === 'RFC 7526') return 'Name a relay of your own; the anycast relays were withdrawn.';
  return 'Give the public address that the provider assigned.';
}
