import { parseIpv4 } from './ipv4.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { fail, succeed, type Result } from './result.ts';

declare const brand: unique symbol;

/**
 * An IPv6 address as an unsigned 128-bit integer; two equal addresses are `===`. Zones are kept apart. In a big Map or
 * Set take the text as key: V8 hashes only the low 64 bits of a BigInt, and those are equal in all prefixes (Node 20).
 */
export type Ipv6Address = bigint & { readonly [brand]: 'ipv6' };

const all = (1n << 128n) - 1n;

export function ipv6FromBigInt(value: bigint): Ipv6Address {
  if (value < 0n || value > all) throw new RangeError('an IPv6 address has 128 bits');
  return value as Ipv6Address;
}

// Operations on BigInt are what takes time here: two of 64 bits instead of eight of 16.
const scratch = new DataView(new ArrayBuffer(16));

/** The eight 16-bit words, most significant first. */
export function ipv6Words(address: Ipv6Address): number[] {
  scratch.setBigUint64(0, address >> 64n);
  scratch.setBigUint64(8, address);
  const words: number[] = [];
  for (let at = 0; at < 16; at += 2) words.push(scratch.getUint16(at));
  return words;
}

/** The inverse of `ipv6Words`; `words` are eight numbers of 16 bits. */
export function ipv6FromWords(words: readonly number[]): Ipv6Address {
  for (let index = 0; index < 8; index++) scratch.setUint16(index * 2, words[index]!);
  return ipv6FromBigInt((scratch.getBigUint64(0) << 64n) | scratch.getBigUint64(8));
}

/** Reads the text forms of RFC 4291 section 2.2, all three of them, without a zone. */
export function parseIpv6(text: string): Result<Ipv6Address> {
  const words = readGroups(text);
  return words ? succeed(ipv6FromWords(words)) : parseSlowly(text);
}

/** The eight words of an address in hexadecimal groups; undefined for everything else, right or wrong. */
function readGroups(text: string): number[] | undefined {
  const words: number[] = [];
  let gap = -1;
  let word = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 58 /* : */) {
      if (digits > 0) words.push(word);
      else if (at > 0 || text.charCodeAt(1) !== 58) return undefined;
      if (text.charCodeAt(at + 1) === 58) {
        if (gap >= 0) return undefined;
        gap = words.length;
        at++;
      } else if (at + 1 === text.length) return undefined;
      word = digits = 0;
      continue;
    }
    const digit = code <= 57 ? code - 48 : (code | 32) - 87;
    if (digit < 0 || digit > 15 || (code > 57 && digit < 10) || ++digits > 4) return undefined;
    word = word * 16 + digit;
  }
  if (digits > 0) words.push(word);
  if (gap < 0) return words.length === 8 ? words : undefined;
  if (words.length > 7) return undefined;
  while (words.length < 8) words.splice(gap, 0, 0);
  return words;
}

function parseSlowly(text: string): Result<Ipv6Address> {
  const before: number[] = [];
  const after: number[] = [];
  let words = before;
  let at = 0;
  if (text.startsWith('::')) {
    words = after;
    at = 2;
  } else if (text.startsWith(':')) {
    return fail(syntax(text, 0, 'a single ":" at the start'));
  }
  while (at < text.length) {
    const group = /^[^:]*/.exec(text.slice(at))?.[0] ?? '';
    if (group === '') return fail(syntax(text, at, words === after ? '"::" can stand only once' : 'an empty group'));
    if (group.includes('.')) {
      const embedded = parseIpv4(group);
      if (embedded.ok && group === text) return fail(syntax(text, 0, 'it is an IPv4 address'));
      if (!embedded.ok || at + group.length !== text.length) {
        return fail(syntax(text, at, `${quote(group)} is not a dotted quad at the end`));
      }
      words.push(embedded.value >>> 16, embedded.value & 0xffff);
      at += group.length;
      break;
    }
    if (!/^[0-9a-f]{1,4}$/i.test(group)) {
      const bad = /[^0-9a-f]/iu.exec(group);
      return fail(
        bad
          ? syntax(text, at + bad.index, `${quote(bad[0])} is not a hexadecimal digit`)
          : syntax(text, at, `${quote(group)} has more than four digits`),
      );
    }
    words.push(Number.parseInt(group, 16));
    at += group.length;
    if (at === text.length) break;
    if (text.startsWith('::', at)) {
      if (words === after) return fail(syntax(text, at, '"::" can stand only once'));
      words = after;
      at += 2;
    } else if (at + 1 === text.length) {
      return fail(syntax(text, at, 'a single ":" at the end'));
    } else {
      at += 1;
    }
  }
  const given = before.length + after.length;
  if (words === before && given !== 8) {
    return fail(syntax(text, text.length, given > 8 ? `${given} groups instead of 8` : `only ${given} of 8 groups`));
  }
  if (words === after && given > 7) return fail(syntax(text, 0, `"::" stands for nothing beside ${given} groups`));
  return succeed(ipv6FromWords([...before, ...Array.from({ length: 8 - given }, () => 0), ...after]));
}

/**
 * The canonical text of RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups (the first
 * of equals) as "::". IPv4-mapped addresses end in a dotted quad (section 5).
 */
export function formatIpv6(address: Ipv6Address): string {
  const words = ipv6Words(address);
  if (address >> 32n === 0xffffn) {
    const quad = [words[6]! >> 8, words[6]! & 255, words[7]! >> 8, words[7]! & 255];
    return `::ffff:${quad.join('.')}`;
  }
  let start = -1;
  let longest = 1;
  for (let index = 0; index < 8; index++) {
    let end = index;
    while (end < 8 && words[end] === 0) end++;
    if (end - index > longest) {
      start = index;
      longest = end - index;
    }
    if (end > index) index = end;
  }
  const text = (part: number[]): string => part.map((word) => word.toString(16)).join(':');
  if (start < 0) return text(words);
  return `${text(words.slice(0, start))}::${text(words.slice(start + longest))}`;
}

function syntax(text: string, at: number, what: string): Problem {
  return {
    code: 'address-syntax',
    message: `${quote(text)} is not an IPv6 address: ${what} (character ${at + 1})`,
    at,
  };
}
