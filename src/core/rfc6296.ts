import { dropped, mappedTo, type Counterpart } from './counterpart.ts';
import { ipv6FromWords, ipv6Words, type Ipv6Address } from './ipv6.ts';
import { formatPrefix, type Prefix } from './prefix.ts';
import { derivePrefixPair, swapPrefix, type PrefixPair } from './prefix-pair.ts';
import { fail, succeed, type Result } from './result.ts';

/** A stateless, checksum-neutral translator for one pair of prefixes (RFC 6296). */
export interface Rfc6296Translator {
  readonly pair: PrefixPair;
  /** What is added to one word on the way out (section 3.1): the sum of the inside less that of the outside. */
  readonly adjustment: number;
}

/** Section 3.1. A prefix longer than /64 leaves no word to adjust and is refused. */
export function deriveTranslator(inside: Prefix, outside: Prefix): Result<Rfc6296Translator> {
  for (const prefix of [inside, outside]) {
    if (prefix.length <= 64) continue;
    return fail({
      code: 'mapping-prefix',
      message: `${formatPrefix(prefix)} is longer than /64, which RFC 6296 cannot map`,
      mend: 'Take the stateful mode.',
    });
  }
  const pair = derivePrefixPair(inside, outside);
  if (!pair.ok) return pair;
  return succeed({
    pair: pair.value,
    adjustment: add(onesComplementSum(inside.address), negate(onesComplementSum(outside.address))),
  });
}

/** From an inside to an outside source address (section 3.2). */
export function mapOutRfc6296(translator: Rfc6296Translator, address: Ipv6Address): Counterpart {
  return translate(translator, 'inside', translator.adjustment, address);
}

/** From an outside to an inside destination address (section 3.3). */
export function mapInRfc6296(translator: Rfc6296Translator, address: Ipv6Address): Counterpart {
  return translate(translator, 'outside', negate(translator.adjustment), address);
}

/** The one's complement sum of the eight words, in 16 bits: what the address adds to a checksum (RFC 1071). */
export function onesComplementSum(address: Ipv6Address): number {
  return ipv6Words(address).reduce(add, 0);
}

function translate(
  { pair }: Rfc6296Translator,
  from: 'inside' | 'outside',
  adjustment: number,
  address: Ipv6Address,
): Counterpart {
  const swapped = swapPrefix(pair, from, address);
  if (swapped.mapped === null) return swapped;
  const words = ipv6Words(swapped.mapped);
  // What the swap changed is not looked at: word 3 lies behind a /48, the interface identifier behind every prefix.
  let word = 3;
  if (pair.length > 48) {
    const interfaceId = words.slice(4);
    if (interfaceId.every((value) => value === 0)) return dropped('interface-id-zeros');
    word = 4 + interfaceId.findIndex((value) => value !== 0xffff);
    if (word === 3) return dropped('interface-id-ones');
  } else if (words[3] === 0xffff) {
    return dropped('subnet-ffff');
  }
  const adjusted = add(words[word]!, adjustment);
  words[word] = adjusted === 0xffff ? 0 : adjusted;
  return mappedTo(ipv6FromWords(words));
}

function add(one: number, other: number): number {
  const sum = one + other;
  return sum > 0xffff ? sum - 0xffff : sum;
}

function negate(value: number): number {
  return 0xffff - value;
}
