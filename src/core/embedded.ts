import { ipv4FromNumber, type Ipv4Address } from './ipv4.ts';
import type { Ipv6Address } from './ipv6.ts';
import { macOfInterfaceId } from './mac-address.ts';
import { rangeOf } from './scope.ts';

/** Something else that can be read from an IPv6 address. */
export type Embedded =
  | { readonly kind: '6to4' | 'ipv4-mapped' | 'ipv4-compatible' | 'nat64'; readonly ipv4: Ipv4Address }
  | {
      readonly kind: 'isatap';
      readonly ipv4: Ipv4Address;
      /** Whether the host claims that its IPv4 address is unique in the world. */
      readonly unique: boolean;
    }
  | {
      readonly kind: 'teredo';
      readonly server: Ipv4Address;
      readonly client: Ipv4Address;
      /** The UDP port of the client as the server saw it. */
      readonly port: number;
    }
  | {
      readonly kind: 'eui64';
      /** See `formatMac`. */
      readonly mac: bigint;
    };

/**
 * Everything that looks embedded in the address, from its prefix first. An interface identifier that is random has the
 * `ff:fe` of an EUI-64 once in 65536 times.
 */
export function embeddedIn(address: Ipv6Address): Embedded[] {
  const { kind } = rangeOf(address);
  switch (kind) {
    case 'ipv4-mapped':
    case 'ipv4-compatible':
    case 'nat64':
      return [{ kind, ipv4: ipv4At(address, 0n) }];
    case 'teredo':
      // RFC 4380 section 4: server, flags, port and client; the latter two with every bit turned round.
      return [
        {
          kind,
          server: ipv4At(address, 64n),
          client: ipv4FromNumber(Number(~address & 0xffff_ffffn)),
          port: Number((~address >> 32n) & 0xffffn),
        },
      ];
    case '6to4':
      return [{ kind, ipv4: ipv4At(address, 80n) }, ...inInterfaceId(address)];
    case 'unspecified':
    case 'loopback':
    case 'multicast':
    case 'orchid':
    case 'remote-id':
      return [];
    default:
      return inInterfaceId(address);
  }
}

function inInterfaceId(address: Ipv6Address): Embedded[] {
  const id = address & 0xffff_ffff_ffff_ffffn;
  // RFC 5214 section 6.1: [02]00:5efe and the IPv4 address.
  const head = id >> 32n;
  if (head === 0x5efen || head === 0x0200_5efen) {
    return [{ kind: 'isatap', ipv4: ipv4At(address, 0n), unique: head !== 0x5efen }];
  }
  const mac = macOfInterfaceId(id);
  return mac === undefined ? [] : [{ kind: 'eui64', mac }];
}

function ipv4At(address: Ipv6Address, shift: bigint): Ipv4Address {
  return ipv4FromNumber(Number((address >> shift) & 0xffff_ffffn));
}
