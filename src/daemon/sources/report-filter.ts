/** By which way a report came: over dhcpcd's control socket, or as a file of the hook. */
export type Way = 'socket' | 'hook';

/** A report that both ways bring comes twice within this time; measured: 1 to 80 ms apart. */
const twinWindow = 10_000;
/** The same way brings the same report again only when dhcpcd sent the same message again. */
const repeatWindow = 500;

/**
 * Tells news from what is known: each report counts once although it comes by two ways, in whatever order, and a
 * repetition directly after is nothing new. `now` is in milliseconds that never jump.
 */
export function createReportFilter(): { isNews(way: Way, key: string, now: number): boolean } {
  /** What one way brought and the other still owes. */
  const waiting: Record<Way, { key: string; at: number }[]> = { socket: [], hook: [] };
  let last: { key: string; at: number } | undefined;
  return {
    isNews(way, key, now) {
      const owed = waiting[way === 'socket' ? 'hook' : 'socket'].filter(({ at }) => now - at <= twinWindow);
      const twin = owed.findIndex((report) => report.key === key);
      if (twin >= 0) owed.splice(0, twin + 1); // each way keeps its order: what stood before it will not come any more
      waiting[way === 'socket' ? 'hook' : 'socket'] = owed;
      if (twin >= 0) return false;
      waiting[way] = [...waiting[way].filter(({ at }) => now - at <= twinWindow), { key, at: now }].slice(-100);
      const repeated = last !== undefined && last.key === key && now - last.at <= repeatWindow;
      // Counted from the last one that was taken: repetitions that go on must not keep lifetimes from being renewed.
      if (!repeated) last = { key, at: now };
      return !repeated;
    },
  };
}
