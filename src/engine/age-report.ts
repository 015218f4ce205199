import { infiniteLifetime } from '../core/instant.ts';
import type { LeaseReport } from './delegation.ts';

/**
 * The report of an event that was `age` seconds ago, as if it had come now: lifetimes are shorter by that time, and a
 * prefix whose valid lifetime ended meanwhile is not in it. A lifetime of 0 is kept: it is an order to discard.
 */
export function ageReport(report: LeaseReport, age: number): LeaseReport {
  const seconds = Math.ceil(age);
  if (seconds <= 1) return report;
  const prefixes = report.prefixes.flatMap((reported) => {
    if (reported.validLifetime === 0) return [reported];
    const validLifetime = shorten(reported.validLifetime, seconds);
    if (validLifetime === 0) return [];
    return [{ ...reported, validLifetime, preferredLifetime: shorten(reported.preferredLifetime, seconds) }];
  });
  return { ...report, prefixes };
}

function shorten(lifetime: number, seconds: number): number {
  return lifetime === infiniteLifetime ? lifetime : Math.max(0, lifetime - seconds);
}
