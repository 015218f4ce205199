import { infiniteLifetime } from '../../core/instant.ts';
import { covers, parsePrefix, type Prefix } from '../../core/prefix.ts';
import type { ClientState } from '../../engine/client-state.ts';
import { judgeReported } from '../../engine/judge-reported.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** As `ip` arguments: all unreachable routes, protocols as numbers. */
export const listClientRoutes = ['ip', '-N', '-6', '-j', 'route', 'show', 'type', 'unreachable'] as const;

export interface ClientRoutes {
  readonly interface: string;
  /** `proto` of the routes. */
  readonly protocol: number;
  /** Only routes for a part of it count. */
  readonly within?: Prefix;
}

/**
 * How long a prefix is still held when its route is gone and no other is there: a client that is restarted may take its
 * route away and bring it back. In seconds.
 */
const missingFor = 300;

/**
 * What a DHCPv6 client holds, by the unreachable routes that it leaves for delegated prefixes (RFC 7084 WPD-5), out of the
 * output of `listClientRoutes`. A route has no lifetimes (the kernel shows none for these, whoever set them): a prefix is
 * held for as long as its route stands. Routes for what no provider delegates are somebody else's.
 */
export function parseClientRoutes(text: string, routes: ClientRoutes): Read<ClientState> {
  try {
    const listed = JSON.parse(text.trim() === '' ? '[]' : text) as { dst: string; protocol: string }[];
    const prefixes = listed
      .filter(({ dst, protocol }) => protocol === String(routes.protocol) && dst.includes('/'))
      .flatMap(({ dst }) => {
        const prefix = parsePrefix(dst);
        if (!prefix.ok) throw new Error(prefix.problem.message);
        if (routes.within && !covers(routes.within, prefix.value)) return [];
        const lifetimes = { preferredLifetime: infiniteLifetime, validLifetime: infiniteLifetime };
        const judged = judgeReported(routes.interface, { iaid: 0, prefix: prefix.value, ...lifetimes });
        return judged.ok ? [judged.value] : [];
      });
    const empty = { validFor: missingFor };
    return { known: true, value: { interface: routes.interface, reason: 'route', prefixes, refused: [], empty } };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}
