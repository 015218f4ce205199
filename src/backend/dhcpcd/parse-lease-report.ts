import { parseIpv6 } from '../../core/ipv6.ts';
import { infiniteLifetime } from '../../core/instant.ts';
import { parseInterfaceName } from '../../core/interface-name.ts';
import { formatPrefix, prefixOf } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import { quote } from '../../core/quote.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { LeaseReport, ReportedPrefix } from '../../engine/delegation.ts';
import { judgeReported, refusedDelegation } from '../../engine/judge-reported.ts';
import { parseEnvironment } from './parse-environment.ts';

/**
 * What a `reason` of dhcpcd-run-hooks(8) says about delegated prefixes; those that are not here say nothing.
 *
 * | reason                             | taken as                                                                   |
 * |------------------------------------|----------------------------------------------------------------------------|
 * | BOUND6 RENEW6 REBIND6 REBOOT6      | the content of a Reply that has just come                                  |
 * | STOP6 RELEASE6                     | given up (RFC 8415 section 18.2.7)                                         |
 * | EXPIRE6                            | nothing: it comes after each NOCARRIER too, while the lease still runs     |
 * | TIMEOUT6                           | nothing: an old Reply read from disk, its lifetimes began long ago         |
 * | DELEGATED6                         | nothing: a part of what another interface was delegated, without lifetimes |
 * | STOPPED DEPARTED NOCARRIER the rest | nothing                                                                   |
 */
const replyReasons: ReadonlySet<string> = new Set(['BOUND6', 'RENEW6', 'REBIND6', 'REBOOT6']);
const releaseReasons: ReadonlySet<string> = new Set(['STOP6', 'RELEASE6']);

/** More than any server delegates to one client; bounds the work that a hostile one can cause. */
const prefixLimit = 32;

/** Reads one event of dhcpcd from its environment: NUL-separated, one character a byte. */
export function parseLeaseReport(text: string): Result<LeaseReport> {
  const environment = parseEnvironment(text);
  if (!environment.ok) return environment;
  const variables = environment.value;
  const reason = variables.get('reason') ?? '';
  if (!/^[A-Z][A-Z0-9]{0,31}$/.test(reason)) return fail(unreadable(`its reason is ${quote(reason)}`));
  const name = parseInterfaceName(variables.get('interface') ?? '');
  if (!name.ok) return name;

  const prefixes: ReportedPrefix[] = [];
  const refused: Problem[] = [];
  if (replyReasons.has(reason)) {
    const found = [...variables.keys()].filter((key) => prefixName.test(key)).toSorted(byPosition);
    for (const key of found.slice(0, prefixLimit)) {
      const read = readPrefix(variables, key, name.value);
      if (read.ok) prefixes.push(read.value);
      else refused.push(read.problem);
    }
    if (found.length > prefixLimit) {
      refused.push(
        refusedDelegation(name.value, `${found.length - prefixLimit} more prefixes`, `${prefixLimit} were read`),
      );
    }
  }
  const carrier = variables.get('ifcarrier');
  return succeed({
    interface: name.value,
    reason,
    prefixes,
    released: releaseReasons.has(reason),
    refused,
    ...((carrier === 'up' || carrier === 'down') && { link: carrier }),
  });
}

/** `pd1` is the place of the identity association in the message, `prefix1` the place in it: neither is an identity. */
const prefixName = /^new_dhcp6_ia_pd([0-9]{1,4})_prefix([0-9]{1,4})$/;

function byPosition(one: string, other: string): number {
  const left = prefixName.exec(one)!;
  const right = prefixName.exec(other)!;
  return Number(left[1]) - Number(right[1]) || Number(left[2]) - Number(right[2]);
}

function readPrefix(variables: ReadonlyMap<string, string>, key: string, on: string): Result<ReportedPrefix> {
  const written = variables.get(key)!;
  const lengthText = variables.get(`${key}_length`) ?? '';
  const what = quote(`${written}/${lengthText}`);
  const address = parseIpv6(written);
  if (!address.ok) return fail(refusedDelegation(on, what, 'it is not an IPv6 address'));
  const length = parseNumber(lengthText, 128);
  if (length === undefined) return fail(refusedDelegation(on, what, 'its length is not a number from 0 to 128'));
  const prefix = prefixOf(address.value, length);

  const association = key.slice(0, key.lastIndexOf('_'));
  const iaidText = variables.get(`${association}_iaid`) ?? '';
  if (!/^[0-9a-f]{8}$/i.test(iaidText))
    return fail(refusedDelegation(on, formatPrefix(prefix), `its IAID is ${quote(iaidText)}`));
  const preferredLifetime = parseNumber(variables.get(`${key}_pltime`), infiniteLifetime);
  const validLifetime = parseNumber(variables.get(`${key}_vltime`), infiniteLifetime);
  if (preferredLifetime === undefined || validLifetime === undefined) {
    return fail(refusedDelegation(on, formatPrefix(prefix), 'its lifetimes are not numbers of 32 bits'));
  }
  return judgeReported(on, { iaid: Number.parseInt(iaidText, 16), prefix, preferredLifetime, validLifetime });
}

function parseNumber(text: string | undefined, largest: number): number | undefined {
  if (text === undefined || !/^[0-9]{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= largest ? value : undefined;
}

function unreadable(why: string): Problem {
  return { code: 'report-refused', message: `a report of dhcpcd is refused: ${why}` };
}
