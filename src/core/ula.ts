import { ipv6FromBigInt } from './ipv6.ts';
import type { Prefix } from './prefix.ts';

/**
 * A locally assigned unique local /48 (RFC 4193 section 3.1): fd00::/8 and 40 bits of Global ID.
 *
 * `random` is 5 bytes of a cryptographic generator. Section 3.2.1 asks for pseudo-random bits; the hash of time and
 * EUI-64 of section 3.2.2 is one suggestion for machines that have no such generator. All that run this have one, so
 * there is no SHA-1 here and no interface identifier goes into a prefix that others see.
 */
export function ulaPrefix(random: Uint8Array): Prefix {
  if (random.length !== 5) throw new RangeError(`a Global ID has 5 bytes, not ${random.length}`);
  const globalId = random.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return { address: ipv6FromBigInt((0xfdn << 120n) | (globalId << 80n)), length: 48 };
}
