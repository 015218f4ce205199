import { endOfLifetime, type Instant } from '../core/instant.ts';
import { equalPrefixes } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import type { Delegation, LeaseReport, ReportedPrefix } from './delegation.ts';

/** What a client holds at one moment, where it can be asked for that, as against what it said in one message. */
export interface ClientState {
  readonly interface: string;
  /** How it is known, for logs. */
  readonly reason: string;
  readonly prefixes: readonly ReportedPrefix[];
  /** What else it holds that cannot be used. */
  readonly refused: readonly Problem[];
  /** What it means where it holds nothing at all. */
  readonly empty: 'hold' | 'release' | { readonly validFor: number };
}

/** Deadlines that are read again and again as "so long from now" differ by what the reading takes. In milliseconds. */
const jitter = 2000;

/**
 * What is news in a client's state, as a report; undefined where nothing is.
 *
 * | the client                              | becomes                                                        |
 * |-----------------------------------------|----------------------------------------------------------------|
 * | holds a prefix                          | that prefix, where its deadlines are not the known ones        |
 * | holds others, but not one that we have  | that one is gone: the client has put the others in its place   |
 * | holds nothing, `hold`                   | no news: it was restarted, or its line is down; deadlines rule |
 * | holds nothing, `release`                | given up                                                       |
 * | holds nothing, `validFor`               | what we have ends after so many seconds at the latest          |
 */
export function reportClientState(
  { empty, ...state }: ClientState,
  held: readonly Delegation[],
  now: Instant,
): LeaseReport | undefined {
  if (state.prefixes.length === 0) {
    if (held.length === 0 || empty === 'hold') return undefined;
    if (empty === 'release') return { ...state, released: true };
    const end = endOfLifetime(now, empty.validFor);
    const cut = held.filter(({ validUntil }) => validUntil > end + jitter);
    if (cut.length === 0) return undefined;
    const prefixes = cut.map(({ iaid, prefix }) => ({
      iaid,
      prefix,
      preferredLifetime: 0,
      validLifetime: empty.validFor,
    }));
    return { ...state, prefixes, released: false };
  }
  const news = state.prefixes.filter((reported) => !isKnown(reported, held, now));
  const gone = held.filter(({ prefix }) => !state.prefixes.some((other) => equalPrefixes(other.prefix, prefix)));
  if (news.length === 0 && gone.length === 0) return undefined;
  return {
    ...state,
    prefixes: [
      ...state.prefixes,
      ...gone.map(({ iaid, prefix }) => ({ iaid, prefix, preferredLifetime: 0, validLifetime: 0 })),
    ],
    released: false,
  };
}

function isKnown(reported: ReportedPrefix, held: readonly Delegation[], now: Instant): boolean {
  const known = held.find(({ prefix }) => equalPrefixes(prefix, reported.prefix));
  if (!known) return reported.validLifetime === 0;
  return (
    isNear(known.validUntil, endOfLifetime(now, reported.validLifetime)) &&
    isNear(known.preferredUntil, endOfLifetime(now, reported.preferredLifetime), now)
  );
}

/** What lies before `since` is over, whenever it was. */
function isNear(one: Instant, other: Instant, since = -Infinity): boolean {
  return one === other || Math.abs(Math.max(one, since) - Math.max(other, since)) <= jitter;
}
