import { formatIpv6, parseIpv6, type Ipv6Address } from './ipv6.ts';
import { quote } from './quote.ts';
import { fail, succeed, type Result } from './result.ts';

/** An address and the zone in which it is meant (RFC 4007 section 11): `fe80::1%eth0`. */
export interface ZonedAddress {
  readonly address: Ipv6Address;
  /** An interface name or number, as it was written. */
  readonly zone?: string;
}

/** Reads an address with or without a zone. The zone may be whatever an interface can be called. */
export function parseZonedAddress(text: string): Result<ZonedAddress> {
  const percent = text.indexOf('%');
  const address = parseIpv6(percent < 0 ? text : text.slice(0, percent));
  if (!address.ok) return address;
  if (percent < 0) return succeed({ address: address.value });
  const zone = text.slice(percent + 1);
  const bad = /[^!-~]|[%/]/u.exec(zone);
  if (zone !== '' && !bad) return succeed({ address: address.value, zone });
  const at = percent + 1 + (bad?.index ?? 0);
  const what = bad ? `${quote(bad[0])} cannot be in a zone` : 'no zone after "%"';
  return fail({
    code: 'address-syntax',
    message: `${quote(text)} is not an IPv6 address: ${what} (character ${at + 1})`,
    at,
  });
}

export function formatZonedAddress({ address, zone }: ZonedAddress): string {
  return zone === undefined ? formatIpv6(address) : `${formatIpv6(address)}%${zone}`;
}
