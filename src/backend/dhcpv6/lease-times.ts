import { infiniteLifetime } from '../../core/instant.ts';
import type { Grant } from './read-grant.ts';

/** When leases are to be renewed and rebound, in milliseconds from the Reply; Infinity: never. */
export interface LeaseTimes {
  readonly renewAfter: number;
  readonly rebindAfter: number;
}

/**
 * T1 and T2 of a Reply (RFC 9915 sections 14.2, 21.21). Where the server leaves them to the client (0) or names a time
 * at which nothing is left to renew, they are half and four fifths of the shortest preferred lifetime; one association
 * that is due makes all of them due, so that one message serves all.
 */
export function deriveLeaseTimes({ prefixes, t1, t2 }: Grant): LeaseTimes {
  const valid = prefixes.filter(({ validLifetime }) => validLifetime > 0);
  const lifetimes = valid.map(({ preferredLifetime, validLifetime }) =>
    milliseconds(preferredLifetime || validLifetime),
  );
  const shortest = Math.min(...lifetimes);
  const longestValid = Math.max(...valid.map(({ validLifetime }) => milliseconds(validLifetime)));
  const said = (seconds: number): number | undefined => {
    const time = milliseconds(seconds);
    return seconds === 0 || (time >= longestValid && longestValid < Infinity) ? undefined : time;
  };
  const rebindAfter = said(t2) ?? Math.max(shortest * 0.8, least);
  const renewAfter = Math.min(said(t1) ?? Math.max(shortest * 0.5, least), rebindAfter);
  return { renewAfter, rebindAfter };
}

/** A lifetime of nearly nothing must not make a storm. */
const least = 1000;

function milliseconds(seconds: number): number {
  return seconds === infiniteLifetime ? Infinity : seconds * 1000;
}
