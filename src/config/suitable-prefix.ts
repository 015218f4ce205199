import { formatIpv4, type Ipv4Address } from '../core/ipv4.ts';
import { sixToFourMartianOf } from '../core/sixtofour-martians.ts';
import { ipv6FromWords } from '../core/ipv6.ts';
import { covers, formatPrefix, prefixOf, type Prefix } from '../core/prefix.ts';
import type { Located } from './shape/shape.ts';

/** Why a prefix can never work here, or why it is odd; `mend` says what to do about it. */
export interface Unsuitable {
  readonly severity: 'refused' | 'odd';
  readonly message: string;
  readonly mend: string;
}

const block = (length: number, ...words: number[]): Prefix =>
  prefixOf(ipv6FromWords([...words, ...Array.from({ length: 8 - words.length }, () => 0)]), length);

const ula = 'Make one with "sixgate ula": fd00::/8 and a random 40-bit Global ID (RFC 4193 section 3.2).';
const uniqueLocal = block(7, 0xfc00);
const assigned = block(8, 0xfd00);
/** Nothing that is routed can be in these; the first that fits explains it. */
const unusable: readonly (readonly [Prefix, string])[] = [
  [block(8, 0), 'is in ::/8, which holds no unicast addresses but special ones (RFC 4291)'],
  [block(64, 0x100), 'is the discard-only block (RFC 6666)'],
  [block(32, 0x2001), 'belongs to Teredo (RFC 4380)'],
  [block(10, 0xfe80), 'is link-local: routers do not forward it (RFC 4291 section 2.5.6)'],
  [block(8, 0xff00), 'is multicast (RFC 4291 section 2.7)'],
];
const documentation = [block(32, 0x2001, 0xdb8), block(20, 0x3fff)];
const sixToFour = block(16, 0x2002);

/** Judges a prefix for the inside. Prefixes outside fd00::/8 may be one's own, so they are only odd. */
export function judgeInsidePrefix(prefix: Located<Prefix>): Unsuitable | undefined {
  const text = formatPrefix(prefix.value);
  const { address, length } = prefix.value;
  if (length < 16 || length > 64) {
    const mend =
      length > 64
        ? 'Take a /64 or shorter: a subnet has 64 bits (RFC 4291 section 2.5.1).'
        : `Take a /16 or longer. ${ula}`;
    return { severity: 'refused', message: `${text} is ${length > 64 ? 'longer than /64' : 'shorter than /16'}`, mend };
  }
  const first = Number(address >> 112n);
  if (first === 0xfc || first === 0xfd) {
    const written = `00${first.toString(16)}::/${length}`;
    const message = `${text} is no ULA: it means ${written}, for leading zeros are left out and trailing ones are not`;
    return { severity: 'refused', message, mend: ula };
  }
  const why = unusable.find(([outer]) => covers(outer, prefix.value))?.[1];
  if (why !== undefined) return { severity: 'refused', message: `${text} ${why}`, mend: ula };
  if (covers(sixToFour, prefix.value)) {
    return { severity: 'refused', message: `${text} is 6to4 space: it follows an IPv4 address (RFC 3056)`, mend: ula };
  }
  if (covers(uniqueLocal, prefix.value)) {
    if (!covers(assigned, prefix.value)) {
      return {
        severity: 'refused',
        message: `${text} is in fc00::/8, which is reserved (RFC 4193 section 3.1)`,
        mend: ula,
      };
    }
    if (length < 48) {
      const message = `${text} is shorter than /48 and so takes the Global IDs of others with it`;
      return { severity: 'odd', message, mend: 'Take a /48 or longer of your own.' };
    }
    if ((address >> 80n) % (1n << 40n) === 0n) {
      const message = `${text} has a Global ID of zero, which others have too: two such networks cannot be joined`;
      return { severity: 'odd', message, mend: ula };
    }
    return undefined;
  }
  if (documentation.some((outer) => covers(outer, prefix.value))) {
    return { severity: 'odd', message: `${text} is for documentation (RFC 3849, RFC 9637)`, mend: ula };
  }
  const message = `${text} is no ULA: hosts outside that really have it cannot be reached from here`;
  return { severity: 'odd', message, mend: 'Leave it if the prefix is yours. Otherwise make one with "sixgate ula".' };
}

/** Judges a prefix that an uplink is said to have. */
export function judgeOutsidePrefix(prefix: Located<Prefix>): Unsuitable | undefined {
  const text = formatPrefix(prefix.value);
  const mend = 'Write the prefix that the provider routes to you.';
  if (prefix.value.length > 64) {
    return { severity: 'refused', message: `${text} is longer than /64, so no subnet fits`, mend };
  }
  if (prefix.value.length < 16) return { severity: 'refused', message: `${text} is shorter than /16`, mend };
  const why = unusable.find(([outer]) => covers(outer, prefix.value))?.[1];
  if (why !== undefined) return { severity: 'refused', message: `${text} ${why}`, mend };
  if (covers(uniqueLocal, prefix.value)) {
    return {
      severity: 'refused',
      message: `${text} is in fc00::/7, which the Internet does not route (RFC 4193)`,
      mend,
    };
  }
  if (documentation.some((outer) => covers(outer, prefix.value))) {
    return {
      severity: 'odd',
      message: `${text} is for documentation (RFC 3849, RFC 9637), the Internet does not route it`,
      mend,
    };
  }
  return undefined;
}

/** Judges a prefix that a guest is given, of any length. */
export function judgeGuestPrefix(prefix: Located<Prefix>): Unsuitable | undefined {
  const text = formatPrefix(prefix.value);
  const mend = 'Write a prefix that is routed to this host.';
  if (prefix.value.length < 16) return { severity: 'refused', message: `${text} is shorter than /16`, mend };
  const why = unusable.find(([outer]) => covers(outer, prefix.value))?.[1];
  return why === undefined ? undefined : { severity: 'refused', message: `${text} ${why}`, mend };
}

/** Judges the public IPv4 address that a 6to4 prefix is made of (RFC 3964 section 5.3.1). */
export function judgePublicIpv4(ipv4: Located<Ipv4Address>): Unsuitable | undefined {
  const martian = sixToFourMartianOf(ipv4.value);
  if (!martian) return undefined;
  const message = `${formatIpv4(ipv4.value)} is ${martian.what} (${martian.rfc}): no 6to4 site can have it`;
  const mend = 'Write the public address that the Internet sees.';
  return { severity: martian.what === 'for documentation' ? 'odd' : 'refused', message, mend };
}
