import { containsIpv4, parseIpv4Prefix, type Ipv4Prefix } from './ipv4-prefix.ts';
import type { Ipv4Address } from './ipv4.ts';
import { parsePrefix, type Prefix } from './prefix.ts';

/** IPv4 addresses that no 6to4 site can have, and the 6to4 prefix to filter in both directions. */
export interface Martian {
  readonly ipv4: Ipv4Prefix;
  readonly prefix: Prefix;
  /** What the addresses are, to go after "is". */
  readonly what: string;
  readonly rfc: string;
}

function martian(ipv4Text: string, prefixText: string, what: string, rfc: string): Martian {
  const ipv4 = parseIpv4Prefix(ipv4Text);
  const prefix = parsePrefix(prefixText);
  if (!ipv4.ok || !prefix.ok) throw new RangeError(`martian ${ipv4Text} ${prefixText}`);
  return { ipv4: ipv4.value, prefix: prefix.value, what, rfc };
}

/** RFC 3964 section 5.3.1 with the special blocks of RFC 6890 and the relay anycast that RFC 7526 withdrew. */
export const sixToFourMartians: readonly Martian[] = [
  martian('0.0.0.0/8', '2002::/24', 'of "this network"', 'RFC 1122'),
  martian('10.0.0.0/8', '2002:a00::/24', 'private', 'RFC 1918'),
  martian('100.64.0.0/10', '2002:6440::/26', 'shared by a provider (CGN)', 'RFC 6598'),
  martian('127.0.0.0/8', '2002:7f00::/24', 'loopback', 'RFC 1122'),
  martian('169.254.0.0/16', '2002:a9fe::/32', 'link-local', 'RFC 3927'),
  martian('172.16.0.0/12', '2002:ac10::/28', 'private', 'RFC 1918'),
  martian('192.0.0.0/24', '2002:c000::/40', 'for IETF protocols', 'RFC 6890'),
  martian('192.0.2.0/24', '2002:c000:200::/40', 'for documentation', 'RFC 5737'),
  martian('192.88.99.0/24', '2002:c058:6300::/40', 'the withdrawn 6to4 relay anycast', 'RFC 7526'),
  martian('192.168.0.0/16', '2002:c0a8::/32', 'private', 'RFC 1918'),
  martian('198.18.0.0/15', '2002:c612::/31', 'for benchmarking', 'RFC 2544'),
  martian('198.51.100.0/24', '2002:c633:6400::/40', 'for documentation', 'RFC 5737'),
  martian('203.0.113.0/24', '2002:cb00:7100::/40', 'for documentation', 'RFC 5737'),
  martian('224.0.0.0/3', '2002:e000::/19', 'multicast or reserved', 'RFC 1112'),
];

/** Why this IPv4 address cannot be that of a 6to4 site; undefined where it can. */
export function sixToFourMartianOf(ipv4: Ipv4Address): Martian | undefined {
  return sixToFourMartians.find((entry) => containsIpv4(entry.ipv4, ipv4));
}
