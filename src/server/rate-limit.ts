/** So many requests a second from one place, and `burst` at once; times are monotonic milliseconds. */
export interface RateLimit {
  /** Whether one more is in order; `cost` is how many requests it counts for. */
  take(from: string, now: number, cost?: number): boolean;
}

/** How many places are remembered. Who is forgotten starts with a full burst again. */
const placesRemembered = 4096;

export function createRateLimit(perSecond: number, burst: number): RateLimit {
  const places = new Map<string, { left: number; at: number }>();
  return {
    take(from, now, cost = 1) {
      const known = places.get(from);
      const left = known ? Math.min(burst, known.left + ((now - known.at) / 1000) * perSecond) : burst;
      // Put at the end again, so that the first is the one that was not seen for longest.
      places.delete(from);
      places.set(from, { left: Math.max(0, left - cost), at: now });
      if (places.size > placesRemembered) places.delete(places.keys().next().value!);
      return left >= cost;
    },
  };
}
