import { containsIpv4, ipv4PrefixOf, type Ipv4Prefix } from '../../core/ipv4-prefix.ts';
import { ipv4FromNumber, type Ipv4Address } from '../../core/ipv4.ts';
import { ipv6FromBigInt } from '../../core/ipv6.ts';
import { parsePrefix, type Prefix } from '../../core/prefix.ts';
import { sixToFourPrefixOf } from '../../core/sixtofour.ts';
import { sixToFourMartians } from '../../core/sixtofour-martians.ts';
import { isExample } from '../intent/public-ipv4.ts';
import type { SixRd } from './tunnel.ts';

/** The 6to4 prefixes of addresses that no site has (RFC 3964); those for documentation are sites in an `example`. */
export function sixToFourMartianPrefixes(example: boolean): Prefix[] {
  return sixToFourMartians.filter((martian) => !(example && isExample(martian))).map(({ prefix }) => prefix);
}

/** The same within a 6rd domain: blocks that are part of it, less the one with our own address. */
export function sixRdMartianPrefixes(sixRd: SixRd, own: Ipv4Address, example: boolean): Prefix[] {
  return sixToFourMartians
    .filter((martian) => !(example && isExample(martian)))
    .filter(({ ipv4 }) => ipv4.length > sixRd.common.length && containsIpv4(sixRd.common, ipv4.address))
    .filter(({ ipv4 }) => !containsIpv4(ipv4, own))
    .map(({ ipv4 }) => sixRdPrefix(sixRd, ipv4));
}

/** The prefix of all sites whose IPv4 address is in the block (RFC 5969 section 4); `block` is within the domain. */
export function sixRdPrefix({ prefix, common }: SixRd, block: Ipv4Prefix): Prefix {
  const bits = BigInt(block.address) & ((1n << BigInt(32 - common.length)) - 1n);
  const shift = BigInt(128 - prefix.length - (32 - common.length));
  return {
    address: ipv6FromBigInt(prefix.address | (bits << shift)),
    length: prefix.length + block.length - common.length,
  };
}

/** 2002::/16: all 6to4 sites. */
export const allSites: Prefix = sixToFourPrefixOf(ipv4PrefixOf(ipv4FromNumber(0), 0));

/** Sources and destinations that mean something only on one host or link. */
export const neverTunnelled: readonly Prefix[] = ['::/96', '::ffff:0:0/96', 'fe80::/10', 'fec0::/10', 'ff00::/8'].map(
  (text) => {
    const prefix = parsePrefix(text);
    if (!prefix.ok) throw new RangeError(text);
    return prefix.value;
  },
);
