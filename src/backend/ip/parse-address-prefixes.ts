import { parseIpv6 } from '../../core/ipv6.ts';
import { equalPrefixes, prefixOf } from '../../core/prefix.ts';
import type { ReportedPrefix } from '../../engine/delegation.ts';
import { judgeReported } from '../../engine/judge-reported.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** As `ip` arguments: the addresses of an interface with their lifetimes. */
export function listAddresses(of: string): [string, ...string[]] {
  return ['ip', '-6', '-j', 'address', 'show', 'dev', of, 'scope', 'global'];
}

interface Address {
  readonly local?: string;
  readonly tentative?: boolean;
  readonly dadfailed?: boolean;
  readonly temporary?: boolean;
  readonly valid_life_time?: number;
  readonly preferred_life_time?: number;
}

/**
 * The prefixes of this length that an interface has addresses in, out of the output of `listAddresses`; each with the
 * longest lifetimes of its addresses. Left out: what nobody delegates (a ULA), and addresses that are not there for good:
 * temporary ones (RFC 8981), those that are still being checked.
 */
export function parseAddressPrefixes(text: string, on: string, length: number): Read<readonly ReportedPrefix[]> {
  try {
    const links = JSON.parse(text) as { addr_info?: Address[] }[];
    const prefixes: ReportedPrefix[] = [];
    for (const address of links.flatMap(({ addr_info: found = [] }) => found)) {
      // iproute2 6.1 leaves {} in the place of each address that the scope keeps out.
      if (Object.keys(address).length === 0) continue;
      if (address.temporary || address.tentative || address.dadfailed) continue;
      const read = parseIpv6(address.local ?? '');
      if (!read.ok) throw new Error(read.problem.message);
      const { valid_life_time: validLifetime, preferred_life_time: preferredLifetime } = address;
      if (typeof validLifetime !== 'number' || typeof preferredLifetime !== 'number') {
        throw new Error(`${address.local} has no lifetimes`);
      }
      const reported = { iaid: 0, prefix: prefixOf(read.value, length), preferredLifetime, validLifetime };
      if (!judgeReported(on, reported).ok) continue;
      const known = prefixes.findIndex(({ prefix }) => equalPrefixes(prefix, reported.prefix));
      if (known < 0) prefixes.push(reported);
      else if (prefixes[known]!.validLifetime < validLifetime) prefixes[known] = reported;
    }
    return { known: true, value: prefixes };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}
