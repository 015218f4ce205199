import { quote } from './quote.ts';
import { fail, succeed, type Result } from './result.ts';

/** Six bytes as an unsigned 48-bit number, in lower case with colons: `00:16:3e:12:34:56`. */
export function formatMac(mac: bigint): string {
  return mac
    .toString(16)
    .padStart(12, '0')
    .replace(/..(?=.)/g, '$&:');
}

/** Reads the MAC address of one interface, with colons or hyphens; that of a group or of nobody is refused. */
export function parseMac(text: string): Result<bigint> {
  if (!/^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i.test(text)) {
    const mend = 'Write six pairs of hexadecimal digits, as in 02:00:5e:10:20:30.';
    return fail({ code: 'mac-address', message: `${quote(text)} is not a MAC address`, mend });
  }
  const mac = BigInt(`0x${text.replaceAll(/[:-]/g, '')}`);
  if (mac === 0n) return fail({ code: 'mac-address', message: `${quote(text)} is the address of nobody` });
  if ((mac & groupBit) === 0n) return succeed(mac);
  return fail({
    code: 'mac-address',
    message: `${quote(text)} is the address of a group: no interface can have it`,
    mend: 'Take one whose second digit is even; with 2, 6, a or e there it is one that nobody manufactured.',
  });
}

/** I/G of IEEE 802: the lowest bit of the first byte. */
const groupBit = 1n << 40n;

/** The MAC address in a modified EUI-64 (RFC 4291 appendix A), undefined where `ff:fe` is not in the middle. */
export function macOfInterfaceId(interfaceId: bigint): bigint | undefined {
  if (((interfaceId >> 24n) & 0xffffn) !== 0xfffen) return undefined;
  const universalBit = 1n << 41n;
  return (((interfaceId >> 40n) << 24n) | (interfaceId & 0xffffffn)) ^ universalBit;
}
