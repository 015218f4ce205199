import { formatMac } from './mac-address.ts';

/** The DUID-LL of an Ethernet address (RFC 8415 section 11.4): type 3, hardware type 1, with colons as dhcpcd writes it. */
export function duidOfMac(mac: bigint): string {
  return `00:03:00:01:${formatMac(mac)}`;
}
