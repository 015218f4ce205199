import { parseIpv4 } from '../core/ipv4.ts';
import { formatZonedAddress, parseZonedAddress } from '../core/zoned-address.ts';
import { quote } from '../core/quote.ts';
import { fail, succeed, type Result } from '../core/result.ts';

/** Where to listen, as node:net takes it: no brackets, the zone with the address. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly family: 4 | 6;
}

/** Reads `[ADDRESS]:PORT` for IPv6, also with a zone (`[fe80::1%eth1]:6460`), and `ADDRESS:PORT` for IPv4. */
export function parseListenAddress(text: string): Result<ListenAddress> {
  const match = /^(?:\[([^[\]]*)\]|([^[\]:]*)):([0-9]+)$/.exec(text);
  if (!match) return refuse(text, 'an address and a port are needed', 'Write [::1]:6460 or 127.0.0.1:6460.');
  const [, six, four = '', digits] = match;
  const port = Number(digits);
  if (port > 65_535) return refuse(text, `the port ${quote(digits!)} is more than 65535`);
  if (six !== undefined) {
    const address = parseZonedAddress(six);
    return address.ok ? succeed({ host: formatZonedAddress(address.value), port, family: 6 }) : address;
  }
  const address = parseIpv4(four);
  if (address.ok) return succeed({ host: four, port, family: 4 });
  return refuse(text, `${quote(four)} is no address`, 'Write an address and not a name: [::1]:6460 or 127.0.0.1:6460.');
}

/** Whether only this machine reaches it. `address` as node:net tells it. */
export function isLoopback(address: string): boolean {
  const four = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return four === '::1' || (parseIpv4(four).ok && four.startsWith('127.'));
}

function refuse(text: string, what: string, mend?: string): Result<never> {
  return fail({
    code: 'listen-syntax',
    message: `${quote(text)} is no place to listen: ${what}`,
    ...(mend !== undefined && { mend }),
  });
}
