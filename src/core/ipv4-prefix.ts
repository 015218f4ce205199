import { formatIpv4, ipv4FromNumber, parseIpv4, type Ipv4Address } from './ipv4.ts';
import { quote } from './quote.ts';
import { fail, succeed, type Result } from './result.ts';

/** An IPv4 prefix whose host bits are all zero. */
export interface Ipv4Prefix {
  readonly address: Ipv4Address;
  /** In bits, 0 to 32. */
  readonly length: number;
}

/** The prefix of this length that the address is in. */
export function ipv4PrefixOf(address: Ipv4Address, length: number): Ipv4Prefix {
  if (!Number.isInteger(length) || length < 0 || length > 32) throw new RangeError(`IPv4 prefix length ${length}`);
  // Not by a shift: those of JavaScript take the count modulo 32.
  const size = 2 ** (32 - length);
  return { address: ipv4FromNumber(Math.floor(address / size) * size), length };
}

export function formatIpv4Prefix(prefix: Ipv4Prefix): string {
  return `${formatIpv4(prefix.address)}/${prefix.length}`;
}

export function containsIpv4(prefix: Ipv4Prefix, address: Ipv4Address): boolean {
  return ipv4PrefixOf(address, prefix.length).address === prefix.address;
}

/** Reads `ADDRESS/LENGTH`; host bits are refused and the prefix that was probably meant is named. */
export function parseIpv4Prefix(text: string): Result<Ipv4Prefix> {
  const [head = '', digits, ...rest] = text.split('/');
  const address = parseIpv4(head);
  if (!address.ok) return address;
  if (digits === undefined || rest.length > 0 || !/^(0|[1-9][0-9]?)$/.test(digits) || Number(digits) > 32) {
    return fail({
      code: 'prefix-syntax',
      message: `${quote(text)} has no prefix length from 0 to 32`,
      mend: 'Add it after a slash, as in 192.0.2.0/24.',
      at: head.length,
    });
  }
  const prefix = ipv4PrefixOf(address.value, Number(digits));
  if (prefix.address === address.value) return succeed(prefix);
  return fail({
    code: 'prefix-host-bits',
    message: `${quote(text)} has bits set behind its length of ${prefix.length}`,
    mend: `Write ${formatIpv4Prefix(prefix)} if that is what you meant.`,
    at: 0,
  });
}
