import { quote } from './quote.ts';
import { fail, succeed, type Result } from './result.ts';
import { bytesOf, formatHex, joinBytes, parseHex } from './bytes.ts';

declare const brand: unique symbol;

/**
 * A DHCP Unique Identifier (RFC 9915 section 11) as text: two lower-case digits a byte with colons between, so that
 * equal ones are `===`. The first two bytes are its type.
 */
export type Duid = string & { readonly [brand]: 'duid' };

/** Ethernet, and all that looks like it (IANA hardware types). */
const ethernet = 1;
/** 2000-01-01, from which a DUID-LLT counts its seconds (RFC 9915 section 11.2). */
const epoch = 946_684_800_000;

/** A type and 1 to 128 bytes (RFC 9915 section 11.1). */
export function isDuidLength(length: number): boolean {
  return length >= 3 && length <= 130;
}

export function duidFromBytes(bytes: Uint8Array): Duid {
  return formatHex(bytes, ':') as Duid;
}

export function bytesOfDuid(duid: Duid): Uint8Array {
  return parseHex(duid.replaceAll(':', ''))!;
}

/** Reads hexadecimal digits with colons, dashes or nothing between the bytes, as other clients write a DUID. */
export function parseDuid(text: string): Result<Duid> {
  const bytes = /^[0-9a-f]{1,2}(?:([:-])[0-9a-f]{1,2}(?:\1[0-9a-f]{1,2})*)$/i.test(text)
    ? Uint8Array.from(text.split(/[:-]/), (byte) => Number.parseInt(byte, 16))
    : parseHex(text);
  if (bytes && isDuidLength(bytes.length)) return succeed(duidFromBytes(bytes));
  const why = bytes ? `it has ${bytes.length} bytes, not 3 to 130` : 'it is not bytes in hexadecimal digits';
  return fail({
    code: 'duid-syntax',
    message: `${quote(text)} is not a DUID: ${why}`,
    mend: 'Write it as in 00:03:00:01:02:00:5e:10:00:01.',
  });
}

/**
 * The DUID-LL of an Ethernet address: the same on every start with nothing stored (RFC 9915 section 11.4), and as
 * dhcpcd writes it.
 */
export function duidOfMac(mac: bigint): Duid {
  return duidFromBytes(joinBytes([bytesOf(3, 2), bytesOf(ethernet, 2), bytesOf(mac, 6)]));
}

/** From a link-layer address and the moment of its making, in milliseconds since 1970: to be stored (section 11.2). */
export function timedDuid(mac: bigint, now: number): Duid {
  const seconds = Math.max(0, Math.floor((now - epoch) / 1000)) % 2 ** 32;
  return duidFromBytes(joinBytes([bytesOf(1, 2), bytesOf(ethernet, 2), bytesOf(seconds, 4), bytesOf(mac, 6)]));
}

/** From 16 random bytes, for a machine without a link-layer address, as on a PPP line: to be stored (section 11.5). */
export function randomDuid(random: Uint8Array): Duid {
  if (random.length !== 16) throw new RangeError(`a UUID has 16 bytes, not ${random.length}`);
  const uuid = Uint8Array.from(random);
  uuid[6] = (uuid[6]! & 0x0f) | 0x40; // version 4 (RFC 9562 section 5.4)
  uuid[8] = (uuid[8]! & 0x3f) | 0x80;
  return duidFromBytes(joinBytes([bytesOf(4, 2), uuid]));
}

/** For people: `00:03:... (DUID-LL)`. */
export function describeDuid(duid: Duid): string {
  const kind = { '00:01': 'DUID-LLT', '00:02': 'DUID-EN', '00:03': 'DUID-LL', '00:04': 'DUID-UUID' }[duid.slice(0, 5)];
  return kind ? `${duid} (${kind})` : duid;
}
