import type { MonitorLine } from '../../backend/parse-monitor-line.ts';

/** More than any link announces; a neighbour that announces ever new ones must not fill the memory. */
const limit = 64;

export type Announcement =
  | { readonly is: 'new-prefix' | 'withdrawn'; readonly prefix: string }
  | { readonly is: 'carrier-back' }
  /** Nothing new, but a router is there. */
  | { readonly is: 'repeated' };

export interface Announcements {
  /** What was announced before anybody listened: no news. */
  learn(line: MonitorLine): void;
  note(line: MonitorLine): Announcement | undefined;
}

/** Remembers what routers announce on one interface and tells what is new: they repeat it every few seconds. */
export function createAnnouncements(): Announcements {
  const live = new Map<string, boolean>();
  let carrier: boolean | undefined;

  function note(line: MonitorLine): Announcement | undefined {
    if (line.about === 'link') {
      const back = carrier === false && line.carrier;
      carrier = line.carrier;
      return back ? { is: 'carrier-back' } : undefined;
    }
    const before = live.get(line.prefix);
    const isLive = line.valid > 0 && line.preferred > 0;
    live.delete(line.prefix);
    live.set(line.prefix, isLive);
    if (live.size > limit) live.delete(live.keys().next().value!);
    if (isLive && before !== true) return { is: 'new-prefix', prefix: line.prefix };
    if (!isLive && before === true) return { is: 'withdrawn', prefix: line.prefix };
    return { is: 'repeated' };
  }

  return { note, learn: (line) => void note(line) };
}
