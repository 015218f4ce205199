import type { MonitorLine } from '../../backend/parse-monitor-line.ts';

/** More than any link announces; a neighbour that announces ever new ones must not fill the memory. */
const limit = 64;

export type Announcement =
  | { readonly is: 'new-prefix' | 'withdrawn'; readonly prefix: string }
  | { readonly is: 'carrier-back' }
  /** Nothing new, but a router is there. */
  | { readonly is: 'repeated' };

/**
 * Remembers what routers announce on one interface and tells what is new: they repeat it every few seconds. The first
 * announcement of all is news too, since what it would differ from is not known.
 */
export function createAnnouncements(): { note(line: MonitorLine): Announcement | undefined } {
  const live = new Map<string, boolean>();
  let carrier: boolean | undefined;
  return {
    note(line) {
      if (line.about === 'link') {
        const back = carrier === false && line.carrier;
        carrier = line.carrier;
        return back ? { is: 'carrier-back' } : undefined;
      }
      const before = live.get(line.prefix);
      const now = line.valid > 0 && line.preferred > 0;
      live.delete(line.prefix);
      live.set(line.prefix, now);
      if (live.size > limit) live.delete(live.keys().next().value!);
      if (now && before !== true) return { is: 'new-prefix', prefix: line.prefix };
      if (!now && before === true) return { is: 'withdrawn', prefix: line.prefix };
      return { is: 'repeated' };
    },
  };
}
