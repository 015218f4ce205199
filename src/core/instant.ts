/** A moment in milliseconds since 1970-01-01 UTC; `Infinity` is never reached. Given as an argument, never read here. */
export type Instant = number;

/** The lifetime value that means "for ever" (RFC 8415 section 7.7). */
export const infiniteLifetime = 0xffff_ffff;

/** The moment at which a lifetime in seconds that began at `start` ends. */
export function endOfLifetime(start: Instant, seconds: number): Instant {
  return seconds === infiniteLifetime ? Infinity : start + seconds * 1000;
}
