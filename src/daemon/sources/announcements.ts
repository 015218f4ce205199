import type { MonitorLine } from '../../backend/parse-monitor-line.ts';

/** More than any link announces; a neighbour that announces ever new ones must not fill the memory. */
const limit = 64;

/** All prefixes of a link come in one advertisement, or in a few of several routers. */
const learningTime = 1000;

export type Announcement =
  /** `first`: news or not, what it would differ from is not known. */
  | { readonly is: 'first' | 'new-prefix' | 'withdrawn'; readonly prefix: string }
  | { readonly is: 'carrier-back' }
  /** Nothing new, but a router is there. */
  | { readonly is: 'repeated' };

/**
 * Remembers what routers announce on one interface and tells what is new: they repeat it every few seconds. `now` is
 * in milliseconds that never jump.
 */
export function createAnnouncements(): { note(line: MonitorLine, now: number): Announcement | undefined } {
  const live = new Map<string, boolean>();
  let carrier: boolean | undefined;
  let learnt = Infinity;
  return {
    note(line, now) {
      if (line.about === 'link') {
        const back = carrier === false && line.carrier;
        carrier = line.carrier;
        return back ? { is: 'carrier-back' } : undefined;
      }
      const before = live.get(line.prefix);
      const isLive = line.valid > 0 && line.preferred > 0;
      if (live.size === 0) learnt = now + learningTime;
      live.delete(line.prefix);
      live.set(line.prefix, isLive);
      if (live.size > limit) live.delete(live.keys().next().value!);
      if (isLive && before !== true) return { is: now < learnt ? 'first' : 'new-prefix', prefix: line.prefix };
      if (!isLive && before === true) return { is: 'withdrawn', prefix: line.prefix };
      return { is: 'repeated' };
    },
  };
}
