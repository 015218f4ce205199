import { quote } from '../core/quote.ts';
import { parseIpv6 } from '../core/ipv6.ts';
import { fail, succeed, type Result } from '../core/result.ts';

/** `servers::10`: a host by its subnet's name and its interface identifier, so that it survives a new network prefix. */
export interface PinholeHost {
  readonly subnet: string;
  /** The lower 64 bits of its address. */
  readonly interfaceId: bigint;
}

export function parsePinholeHost(text: string): Result<PinholeHost> {
  const colon = text.indexOf(':');
  const subnet = colon < 0 ? text : text.slice(0, colon);
  const refuse = (what: string, mend?: string): Result<never> =>
    fail({
      code: 'address-syntax',
      message: `${quote(text)} is not a host as subnet::interface-id: ${what}`,
      ...(mend !== undefined && { mend }),
    });
  if (colon < 0) return refuse('"::" and an interface identifier are missing');
  if (!text.startsWith('::', colon) || subnet === '') {
    if (!parseIpv6(text).ok) return refuse('one ":" in place of "::" after the name of the subnet');
    return refuse('an address in place of the name of a subnet', 'Write the name of the subnet before the "::".');
  }
  const identifier = text.slice(colon);
  const parsed = parseIpv6(identifier);
  if (!parsed.ok) return refuse(`${quote(identifier)} is not an interface identifier`);
  if (parsed.value >> 64n !== 0n)
    return refuse(`${quote(identifier)} does not fit in 64 bits`, 'Write at most four groups after the "::".');
  if (parsed.value === 0n)
    return refuse('the identifier 0 is the anycast address of the routers (RFC 4291 section 2.6.1)');
  return succeed({ subnet, interfaceId: parsed.value });
}
