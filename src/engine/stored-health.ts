import type { Instant } from '../core/instant.ts';
import type { UplinkHealth } from './uplink-health.ts';

/** What is known of uplinks by name, for a file: a daemon that starts anew must not send flows to one that is down. */
export function formatStoredHealth(health: ReadonlyMap<string, UplinkHealth>): string {
  const uplinks = [...health].map(([name, { state, since, why }]) => ({ name, state, since, why }));
  return `${JSON.stringify({ schemaVersion: 1, uplinks }, undefined, 2)}\n`;
}

/** What of such a file can be read; counting begins anew. */
export function parseStoredHealth(text: string, now: Instant): ReadonlyMap<string, UplinkHealth> {
  try {
    const { schemaVersion, uplinks } = JSON.parse(text) as { schemaVersion?: unknown; uplinks?: unknown };
    if (schemaVersion !== 1 || !Array.isArray(uplinks)) return new Map();
    return new Map(uplinks.flatMap((entry: unknown) => readEntry(entry, now)));
  } catch {
    return new Map();
  }
}

function readEntry(entry: unknown, now: Instant): [string, UplinkHealth][] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { name, state, since, why } = entry as Record<string, unknown>;
  if (typeof name !== 'string' || typeof why !== 'string' || typeof since !== 'number') return [];
  if (state !== 'up' && state !== 'down' && state !== 'unknown') return [];
  return [[name, { state, since: Math.min(since, now), why, answered: 0, silent: 0 }]];
}
