import type { Ipv6Address } from '../../core/ipv6.ts';
import { formatPrefix, overlap, parseAddressWithLength, prefixOf, type Prefix } from '../../core/prefix.ts';
import { quote } from '../../core/quote.ts';

/** A guest of an old ipv6.cfg. */
export interface OldGuest {
  /** From 1. */
  readonly line: number;
  readonly name: string;
  readonly gateway: Ipv6Address;
  readonly length: number;
}

export interface OldConfig {
  readonly guests: readonly OldGuest[];
  /** Why it cannot be taken over as it is. */
  readonly refused: readonly OldRemark[];
  /** Where the script that read it did something else than the file seems to say. */
  readonly remarks: readonly OldRemark[];
}

export interface OldRemark {
  readonly line: number;
  readonly message: string;
}

const form = /^ipv6_gateway_addr\[([^\]]+)\]=(.*)$/;
const nearly = /ipv6_gateway_addr/i;

/**
 * Reads the file that the scripts of how-tos read with `grep -i "ipv6_gateway_addr\[NAME\]="`: in any line, also a remark,
 * in small and capital letters alike, a dot in the name for any character, and of several lines the last.
 */
export function parseOldConfig(text: string): OldConfig {
  const guests: OldGuest[] = [];
  const refused: OldRemark[] = [];
  const remarks: OldRemark[] = [];
  for (const [index, written] of text.split('\n').entries()) {
    const line = index + 1;
    const bare = written.replace(/\r$/, '').trim();
    if (bare === '') continue;
    if (bare.startsWith('#')) {
      if (/ipv6_gateway_addr\[[^\]]+\]=/i.test(bare)) {
        remarks.push({ line, message: 'the old script took this remark for a line in force; it is left out' });
      }
      continue;
    }
    const match = form.exec(bare);
    if (!match) {
      const what = nearly.test(bare) ? 'the old script did not find any guest by it' : 'it means nothing here';
      refused.push({ line, message: `${quote(bare)} is not ipv6_gateway_addr[NAME]=ADDRESS/LENGTH: ${what}` });
      continue;
    }
    const [, name, value] = match as unknown as [string, string, string];
    if (written !== bare) remarks.push({ line, message: 'there are blanks around this line, which are left out' });
    if (name !== name.trim()) {
      refused.push({ line, message: `the name ${quote(name)} has blanks at its ends, and no guest has` });
      continue;
    }
    const read = parseAddressWithLength(value);
    if (!read.ok) refused.push({ line, message: read.problem.message });
    else if (read.value.length === 128) {
      refused.push({ line, message: `${quote(value)} is one address, which leaves none for the guest` });
    } else guests.push({ line, name, gateway: read.value.address, length: read.value.length });
  }
  return {
    guests,
    refused: [...refused, ...findDoubles(guests), ...findOverlaps(guests)],
    remarks: [...remarks, ...findAlikes(guests)],
  };
}

function findDoubles(guests: readonly OldGuest[]): OldRemark[] {
  return guests.flatMap(({ name, line }, index) => {
    const first = guests.slice(0, index).find((other) => other.name === name);
    if (!first) return [];
    return [{ line, message: `${quote(name)} stands in line ${first.line} already; the old script took the last` }];
  });
}

function findOverlaps(guests: readonly OldGuest[]): OldRemark[] {
  return guests.flatMap((guest, index) =>
    guests.slice(0, index).flatMap((other) => {
      if (other.name === guest.name || !overlap(prefixOfGuest(other), prefixOfGuest(guest))) return [];
      const [own, others] = [formatPrefix(prefixOfGuest(guest)), formatPrefix(prefixOfGuest(other))];
      return [{ line: guest.line, message: `${own} overlaps ${others} of ${quote(other.name)} in line ${other.line}` }];
    }),
  );
}

const prefixOfGuest = ({ gateway, length }: OldGuest): Prefix => prefixOf(gateway, length);

/** Two names of which the old script took one for the other. */
function findAlikes(guests: readonly OldGuest[]): OldRemark[] {
  return guests.flatMap(({ name, line }, index) =>
    guests.slice(0, index).flatMap((other) => {
      if (other.name === name || !(finds(name, other.name) || finds(other.name, name))) return [];
      const message = `the old script took ${quote(name)} and ${quote(other.name)} (line ${other.line}) for the same; now each has its own`;
      return [{ line, message }];
    }),
  );
}

/** Whether the old script found the line of `other` for the guest `name`, as far as dots and letters go. */
function finds(name: string, other: string): boolean {
  const [one, two] = [name.toLowerCase(), other.toLowerCase()];
  if (one.length !== two.length) return false;
  return one.split('').every((character, at) => character === '.' || character === two[at]);
}
