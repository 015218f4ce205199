import { embeddedIn, type Embedded } from './embedded.ts';
import { formatIpv4 } from './ipv4.ts';
import type { Ipv6Address } from './ipv6.ts';
import { formatMac } from './mac-address.ts';
import { formatPrefix, parseAddressWithLength, prefixOf } from './prefix.ts';
import { succeed, type Result } from './result.ts';
import { multicastScope, rangeOf, rangeOfPrefix } from './scope.ts';
import { formatZonedAddress, parseZonedAddress } from './zoned-address.ts';

/** What `sixgate address --json` prints of an address, an address with a length, or a prefix. */
export interface AddressDescription {
  readonly schemaVersion: 1;
  readonly input: string;
  readonly canonical: string;
  /** One of `AddressKind`. */
  readonly scope: string;
  readonly multicastScope?: string;
  /** The block that says so, its name and where it is defined. */
  readonly range: string;
  readonly name: string;
  readonly rfc: string;
  /** Whether packets to it can cross the Internet; null where that depends. */
  readonly reachable: boolean | null;
  readonly zone?: string;
  /** Where a length was given: the prefix that the address is in. */
  readonly prefix?: string;
  readonly embedded: readonly EmbeddedText[];
}

/** What `Embedded` holds, as text. */
export interface EmbeddedText {
  readonly kind: Embedded['kind'];
  readonly ipv4?: string;
  readonly unique?: boolean;
  readonly server?: string;
  readonly client?: string;
  readonly port?: number;
  readonly mac?: string;
}

export function describeAddress(input: string): Result<AddressDescription> {
  const slash = input.indexOf('/');
  const zoned = parseZonedAddress(slash < 0 ? input : input.slice(0, slash));
  if (!zoned.ok) return zoned;
  const { address, zone } = zoned.value;
  let length: number | undefined;
  if (slash >= 0) {
    const read = parseAddressWithLength(input.replace(/%[^/]*/, ''));
    if (!read.ok) return read;
    length = read.value.length;
  }
  const prefix = length === undefined ? undefined : prefixOf(address, length);
  const isPrefix = prefix !== undefined && prefix.length < 128 && prefix.address === address;
  const range = isPrefix ? rangeOfPrefix(prefix) : rangeOf(address);
  const multicast = isPrefix && prefix.length < 16 ? undefined : multicastScope(address);
  return succeed({
    schemaVersion: 1,
    input,
    canonical: formatZonedAddress(zoned.value) + (length === undefined ? '' : `/${length}`),
    scope: range.kind,
    ...(multicast && { multicastScope: multicast }),
    range: formatPrefix(range.prefix),
    name: range.name,
    rfc: range.rfc,
    reachable: multicast === 'global' ? true : range.reachable,
    ...(zone !== undefined && { zone }),
    ...(prefix && { prefix: formatPrefix(prefix) }),
    embedded: (isPrefix ? embeddedInPrefix(address, prefix.length) : embeddedIn(address)).map(embeddedText),
  });
}

/** A prefix holds no host, but a 6to4 prefix from /48 on belongs to one IPv4 address. */
function embeddedInPrefix(address: Ipv6Address, length: number): Embedded[] {
  return length < 48 ? [] : embeddedIn(address).filter(({ kind }) => kind === '6to4');
}

function embeddedText(embedded: Embedded): EmbeddedText {
  switch (embedded.kind) {
    case 'eui64':
      return { kind: embedded.kind, mac: formatMac(embedded.mac) };
    case 'teredo':
      return {
        kind: embedded.kind,
        server: formatIpv4(embedded.server),
        client: formatIpv4(embedded.client),
        port: embedded.port,
      };
    case 'isatap':
      return { kind: embedded.kind, ipv4: formatIpv4(embedded.ipv4), unique: embedded.unique };
    default:
      return { kind: embedded.kind, ipv4: formatIpv4(embedded.ipv4) };
  }
}
