import { ipv6Words, type Ipv6Address } from '../../core/ipv6.ts';

/** Which part of an address a hexadecimal digit belongs to. */
export type BitPart = 'prefix' | 'subnet' | 'interface';

export interface Digit {
  readonly text: string;
  readonly part: BitPart;
}

/** The eight groups of four digits, each digit with the part that its first bit is in: up to `length`, up to 64, behind. */
export function bitGroups(address: Ipv6Address, length: number): Digit[][] {
  return ipv6Words(address).map((word, group) =>
    Array.from(word.toString(16).padStart(4, '0'), (text, index) => ({
      text,
      part: partAt(group * 16 + index * 4, length),
    })),
  );
}

function partAt(bit: number, length: number): BitPart {
  if (bit < length) return 'prefix';
  return bit < 64 ? 'subnet' : 'interface';
}
