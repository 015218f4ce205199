import { formatIpv4, ipv4FromNumber, parseIpv4 } from '../../core/ipv4.ts';
import { formatIpv6, ipv6FromBigInt, parseIpv6, type Ipv6Address } from '../../core/ipv6.ts';

/**
 * Gives addresses, prefixes, MAC addresses and DUIDs other ones, the same for the same through all texts that it is given: what belongs
 * together still shows. Subnet numbers and small interface identifiers stay, and so do private and special addresses.
 */
export function createPseudonyms(): (text: string) => string {
  const sites = numbering();
  const inside = numbering();
  const hosts = numbering();
  const ipv4 = numbering();
  const macs = numbering();
  const duids = numbering();

  /** The first 48 bits are the site's, the last 64 may be a MAC address. */
  function changeAddress(address: Ipv6Address): Ipv6Address {
    const site = address >> 80n;
    const rest = address & ((1n << 80n) - 1n);
    const host = rest & ((1n << 64n) - 1n);
    const shown = host >> 16n === 0n ? host : (0xan << 16n) | BigInt(hosts(host.toString(16)));
    const subnet = ((rest >> 64n) << 64n) | shown;
    if (address >> 125n === 1n)
      return ipv6FromBigInt((((0x2001_0db8n << 16n) | BigInt(sites(site.toString(16)))) << 80n) | subnet);
    if (address >> 121n === 0x7en)
      return ipv6FromBigInt((((0xfd00n << 32n) | BigInt(inside(site.toString(16)))) << 80n) | subnet);
    if (address >> 118n === 0x3fan) return ipv6FromBigInt((0xfe80n << 112n) | shown);
    return address;
  }

  function changeIpv6(text: string): string {
    const [written = '', length] = text.split('/');
    const address = parseIpv6(written);
    if (!address.ok) return text;
    // So short a prefix is nobody's own.
    if (length !== undefined && Number(length) < 32) return text;
    return `${formatIpv6(changeAddress(address.value))}${length === undefined ? '' : `/${length}`}`;
  }

  function changeIpv4(text: string): string {
    const address = parseIpv4(text);
    if (!address.ok || isSpecial(address.value)) return text;
    const number = ipv4(text);
    return formatIpv4(ipv4FromNumber((number < 256 ? 0xc6336400 : 0xcb007100) + (number % 256)));
  }

  return (text) =>
    text
      .replaceAll(/(?<![\w:])(?:[0-9a-f]{2}:){5,}[0-9a-f]{2}(?![\w:])/gi, (found) => {
        if (found.length === 17) return `02:00:00:00:${hexPairs(macs(found.toLowerCase()))}`;
        return `(DUID ${duids(found.toLowerCase())})`;
      })
      .replaceAll(/(?<![\w:.])[0-9a-f]{0,4}:[0-9a-f:.]*[0-9a-f:](?:\/\d{1,3})?(?![\w:])/gi, changeIpv6)
      .replaceAll(/(?<![\w:.])\d{1,3}(?:\.\d{1,3}){3}(?![\w:]|\.\d)/g, changeIpv4);
}

/** From 1, in the order of their first appearance. */
function numbering(): (what: string) => number {
  const numbers = new Map<string, number>();
  return (what) => {
    const known = numbers.get(what) ?? numbers.size + 1;
    numbers.set(what, known);
    return known;
  };
}

function hexPairs(number: number): string {
  const digits = number.toString(16).padStart(4, '0');
  return `${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** Private, loopback, link-local, multicast and the like: RFC 6890. */
function isSpecial(address: number): boolean {
  const blocks: readonly (readonly [number, number])[] = [
    [0x00000000, 8],
    [0x0a000000, 8],
    [0x7f000000, 8],
    [0xa9fe0000, 16],
    [0xac100000, 12],
    [0xc0a80000, 16],
    [0xc0586300, 24],
    [0xe0000000, 3],
  ];
  return blocks.some(([start, length]) => address >>> (32 - length) === start >>> (32 - length));
}
