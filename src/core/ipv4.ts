import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { fail, succeed, type Result } from './result.ts';

declare const brand: unique symbol;

/** An IPv4 address as an unsigned 32-bit number; two equal addresses are `===`. */
export type Ipv4Address = number & { readonly [brand]: 'ipv4' };

export function ipv4FromNumber(value: number): Ipv4Address {
  return (value >>> 0) as Ipv4Address;
}

/**
 * Reads four decimal octets separated by dots. Leading zeros are refused, since some programs read them as octal
 * (RFC 6943 section 3.1.1).
 */
export function parseIpv4(text: string): Result<Ipv4Address> {
  let value = 0;
  let at = 0;
  for (let octet = 0; octet < 4; octet++) {
    const digits = /^[0-9]+/.exec(text.slice(at, at + 4))?.[0] ?? '';
    if (digits === '') return fail(syntax(text, at, `expected a number from 0 to 255`));
    if (digits.length > 1 && digits.startsWith('0')) {
      return fail(syntax(text, at, `"${digits}" has a leading zero, which some programs read as octal`));
    }
    if (Number(digits) > 255) return fail(syntax(text, at, `"${digits}" is more than 255`));
    value = value * 256 + Number(digits);
    at += digits.length;
    if (octet < 3) {
      if (text[at] !== '.') return fail(syntax(text, at, `expected "." after ${octet + 1} of 4 numbers`));
      at++;
    }
  }
  if (at !== text.length) return fail(syntax(text, at, `unexpected ${quote(text.slice(at))} after the address`));
  return succeed(ipv4FromNumber(value));
}

export function formatIpv4(address: Ipv4Address): string {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.');
}

function syntax(text: string, at: number, what: string): Problem {
  return {
    code: 'address-syntax',
    message: `${quote(text)} is not an IPv4 address: ${what} (character ${at + 1})`,
    at,
  };
}
