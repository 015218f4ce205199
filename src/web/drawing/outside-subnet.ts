import { ipv6FromBigInt } from '../../core/ipv6.ts';
import { mapAddress, type MappingMode } from '../../core/map-address.ts';
import { prefixOf, type Prefix } from '../../core/prefix.ts';

/** Where the hosts of an inside /64 are seen outside; undefined where none of them has an outside address. */
export function outsideSubnet(subnet: Prefix, inside: Prefix, outside: Prefix, mode: MappingMode): Prefix | undefined {
  // Any host does, but for identifiers of zeros and ones (RFC 6296 section 3.7).
  const mapped = mapAddress({ address: ipv6FromBigInt(subnet.address + 1n), inside, outside, mode });
  if (!mapped.ok || mapped.value.mapped === null) return undefined;
  return prefixOf(mapped.value.mapped, 64);
}
