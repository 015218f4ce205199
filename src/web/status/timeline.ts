import type { HistoryEntry } from '../../engine/prefix-history.ts';

export interface Timeline {
  /** Instants in milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly uplinks: readonly { readonly name: string; readonly spans: readonly Span[] }[];
}

export interface Span {
  readonly prefix: string;
  /** 0 to 1 of the whole time. */
  readonly start: number;
  readonly end: number;
  readonly open: boolean;
  /** The same number for the same prefix, 0 for the first that was seen. */
  readonly shade: number;
}

/** The history to scale, up to now; undefined where there is none. */
export function deriveTimeline(history: readonly HistoryEntry[], now: number): Timeline | undefined {
  if (history.length === 0) return undefined;
  const from = Math.min(...history.map(({ since }) => Date.parse(since)));
  const to = Math.max(now, from + 1000);
  const at = (instant: number): number => Math.min(1, Math.max(0, (instant - from) / (to - from)));
  const prefixes = [...new Set(history.map(({ prefix }) => prefix))];
  const names = [...new Set(history.map(({ uplink }) => uplink))];
  return {
    from,
    to,
    uplinks: names.map((name) => ({
      name,
      spans: history
        .filter(({ uplink }) => uplink === name)
        .map(({ prefix, since, until }) => ({
          prefix,
          start: at(Date.parse(since)),
          end: until === null ? 1 : at(Date.parse(until)),
          open: until === null,
          shade: prefixes.indexOf(prefix),
        })),
    })),
  };
}
