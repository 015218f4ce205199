import type { Instant } from '../core/instant.ts';
import { formatPrefix } from '../core/prefix.ts';
import type { Delegation } from './delegation.ts';

/** From when until when a prefix was delegated on an uplink; `until` is null while it is. Instants in ISO 8601, UTC. */
export interface HistoryEntry {
  readonly uplink: string;
  readonly prefix: string;
  readonly since: string;
  readonly until: string | null;
}

/** A year of a prefix a day, with room. */
export const historyLimit = 500;

/** The history as it goes on: what is delegated now is open, what no longer is was closed at `now`. Newest last. */
export function recordHistory(
  history: readonly HistoryEntry[],
  delegations: readonly Delegation[],
  now: Instant,
): readonly HistoryEntry[] {
  const isHeld = ({ uplink, prefix }: HistoryEntry): boolean =>
    delegations.some((delegation) => delegation.uplink === uplink && formatPrefix(delegation.prefix) === prefix);
  const closed = history.map((entry) =>
    entry.until === null && !isHeld(entry) ? { ...entry, until: new Date(now).toISOString() } : entry,
  );
  const begun = delegations
    .map(({ uplink, prefix, since }) => ({
      uplink,
      prefix: formatPrefix(prefix),
      since: new Date(since).toISOString(),
      until: null,
    }))
    .filter(
      ({ uplink, prefix }) =>
        !closed.some((entry) => entry.until === null && entry.uplink === uplink && entry.prefix === prefix),
    );
  const changed = begun.length > 0 || closed.some((entry, index) => entry !== history[index]);
  return changed ? [...closed, ...begun].slice(-historyLimit) : history;
}

/** Reads what was stored; anything odd is an empty history, since losing it costs nothing else. */
export function parseHistory(text: string): readonly HistoryEntry[] {
  try {
    const { history } = JSON.parse(text) as { history: unknown };
    return Array.isArray(history) && history.every(isEntry) ? history : [];
  } catch {
    return [];
  }
}

export function formatHistory(history: readonly HistoryEntry[]): string {
  return `${JSON.stringify({ schemaVersion: 1, history }, undefined, 2)}\n`;
}

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { uplink, prefix, since, until } = value as Record<string, unknown>;
  const texts = [uplink, prefix, since].every((each) => typeof each === 'string');
  return texts && (until === null || typeof until === 'string');
}
