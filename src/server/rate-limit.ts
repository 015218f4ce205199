/** So many requests a second from one place, and `burst` at once; times are monotonic milliseconds. */
export interface RateLimit {
  /** Whether one more is in order; only then it counts. */
  take(from: string, now: number): boolean;
  /** Counts as so many requests more, which have to be waited for: down to `burst` of them. */
  charge(from: string, now: number, requests: number): void;
}

/** How many places are remembered. Who is forgotten starts with a full burst again. */
const placesRemembered = 4096;

export function createRateLimit(perSecond: number, burst: number): RateLimit {
  const places = new Map<string, { readonly left: number; readonly at: number }>();
  function leftOf(from: string, now: number): number {
    const known = places.get(from);
    return known ? Math.min(burst, known.left + ((now - known.at) / 1000) * perSecond) : burst;
  }
  function remember(from: string, left: number, at: number): void {
    // Put at the end again, so that the first is the one that was not seen for longest.
    places.delete(from);
    places.set(from, { left, at });
    if (places.size > placesRemembered) places.delete(places.keys().next().value!);
  }
  return {
    take(from, now) {
      const left = leftOf(from, now);
      remember(from, left >= 1 ? left - 1 : left, now);
      return left >= 1;
    },
    charge(from, now, requests) {
      remember(from, Math.max(-burst, leftOf(from, now) - requests), now);
    },
  };
}
