import type { Counterpart } from './counterpart.ts';
import type { Ipv6Address } from './ipv6.ts';
import { swapPrefix, type PrefixPair } from './prefix-pair.ts';

/*
 * What a stateful translator does (nftables `snat ip6 prefix to`): the prefix is swapped, everything behind it stays,
 * and the checksums of the packets are corrected instead of the address. That is not RFC 6296.
 */

export function mapOutStateful(pair: PrefixPair, address: Ipv6Address): Counterpart {
  return swapPrefix(pair, 'inside', address);
}

export function mapInStateful(pair: PrefixPair, address: Ipv6Address): Counterpart {
  return swapPrefix(pair, 'outside', address);
}
