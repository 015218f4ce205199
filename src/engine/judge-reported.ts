import { formatIpv6 } from '../core/ipv6.ts';
import { covers, formatPrefix, parsePrefix, type Prefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { sixToFourMartians } from '../core/sixtofour-martians.ts';
import type { ReportedPrefix } from './delegation.ts';

/**
 * The shortest prefix taken: providers themselves hold /19 to /32. A shorter one would put an unreachable route over a
 * large part of the Internet.
 */
const shortestLength = 20;
/** Subnets have 64 bits left for hosts. */
const longestLength = 64;

/** Whether a prefix that a client reported for the interface `on` can be used, whatever client it was. */
export function judgeReported(on: string, reported: ReportedPrefix): Result<ReportedPrefix> {
  const { prefix, preferredLifetime, validLifetime } = reported;
  const unusable = faultOf(prefix);
  if (unusable) return fail(refusedDelegation(on, formatPrefix(prefix), unusable));
  if (preferredLifetime > validLifetime) {
    const why = `its preferred lifetime (${preferredLifetime} s) is longer than its valid one (${validLifetime} s)`;
    return fail(refusedDelegation(on, formatPrefix(prefix), why)); // RFC 8415 section 21.22
  }
  return succeed(reported);
}

export function refusedDelegation(on: string, what: string, why: string): Problem {
  return { code: 'delegation-refused', message: `${what}, delegated on ${on}, is not used: ${why}` };
}

const globalUnicast = knownPrefix('2000::/3');
const notForUse = [
  { prefix: knownPrefix('fc00::/7'), is: 'a unique local prefix (RFC 4193)' },
  { prefix: knownPrefix('fe80::/10'), is: 'a link-local prefix' },
  { prefix: knownPrefix('ff00::/8'), is: 'a multicast prefix' },
  { prefix: knownPrefix('2001::/32'), is: 'a part of Teredo (RFC 4380)' },
];

function faultOf(prefix: Prefix): string | undefined {
  if (prefix.length < shortestLength) return `it is shorter than /${shortestLength}`;
  if (prefix.length > longestLength) return `it is longer than /${longestLength}`;
  const known = notForUse.find((entry) => covers(entry.prefix, prefix));
  if (known) return `it is ${known.is}`;
  const martian = sixToFourMartians.find((entry) => covers(entry.prefix, prefix));
  if (martian && martian.what !== 'for documentation') {
    return `it is the 6to4 prefix of an IPv4 address that is ${martian.what} (${martian.rfc})`;
  }
  return covers(globalUnicast, prefix) ? undefined : `${formatIpv6(prefix.address)} is not global unicast (RFC 4291)`;
}

function knownPrefix(text: string): Prefix {
  const read = parsePrefix(text);
  if (!read.ok) throw new RangeError(read.problem.message);
  return read.value;
}
