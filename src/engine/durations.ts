/** How long things took, in milliseconds, counted by upper bound: what a histogram is drawn from. */
export interface Durations {
  /** Upper bounds, each belonging to what it bounds, in rising order. */
  readonly upTo: readonly number[];
  /** How many were above the bound before and not above this one; the last is for those above all. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
}

const bounds = [5, 10, 20, 50, 100, 200, 500, 1000, 5000];

export const noDurations: Durations = { upTo: bounds, counts: [...bounds, 0].map(() => 0), count: 0, sum: 0 };

export function addDuration({ upTo, counts, count, sum }: Durations, took: number): Durations {
  const found = upTo.findIndex((bound) => took <= bound);
  const place = found < 0 ? upTo.length : found;
  return { upTo, counts: counts.with(place, counts[place]! + 1), count: count + 1, sum: sum + took };
}
