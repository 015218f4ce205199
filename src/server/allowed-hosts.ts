import { parseIpv4 } from '../core/ipv4.ts';
import { formatIpv6, parseIpv6 } from '../core/ipv6.ts';
import { isLoopback } from './listen-address.ts';

/**
 * Whether a request's Host header names this server. A page of another site can make its own name point here (DNS
 * rebinding) and would then read what we answer; its requests carry that name.
 *
 * | the header names            | allowed                                                             |
 * |-----------------------------|---------------------------------------------------------------------|
 * | `localhost`, `*.localhost`  | yes: no name server is asked for them (RFC 6761 section 6.3)        |
 * | a loopback address          | yes                                                                 |
 * | the address connected to    | yes: an address is no name that could be made to point elsewhere    |
 * | a name or address of `own`  | yes                                                                 |
 * | anything else, or nothing   | no                                                                  |
 */
export function isAllowedHost(
  header: string | undefined,
  local: string | undefined,
  own: ReadonlySet<string>,
): boolean {
  const match = /^(?:\[([^[\]]+)\]|([^[\]:]+))(?::[0-9]{1,5})?$/.exec(header ?? '');
  if (!match) return false;
  const [, six, other = ''] = match;
  const name = canonicalHost(six ?? other);
  if (own.has(name)) return true;
  if (six === undefined && /^(.+\.)?localhost$/.test(name)) return true;
  if (six === undefined && !parseIpv4(name).ok) return false;
  return isLoopback(name) || (local !== undefined && name === canonicalHost(local));
}

/** In small letters, without the dot of the root, addresses in their canonical text and without a zone. */
export function canonicalHost(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  const address = parseIpv6(bare);
  if (address.ok) return formatIpv6(address.value);
  return bare.toLowerCase().replace(/\.$/, '');
}
