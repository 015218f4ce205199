import type { Instant } from '../core/instant.ts';
import { covers, formatPrefix, parsePrefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { ClockReading } from './clock-reading.ts';
import type { Delegation } from './delegation.ts';
import type { Lingering } from './lingering.ts';
import { delegationLimit } from './merge-report.ts';

const schemaVersion = 1;
/** For one uplink; there are few of them. */
const limit = 16 * delegationLimit;

/** What outlives a restart. */
export interface Stored {
  readonly delegations: readonly Delegation[];
  readonly lingering: readonly Lingering[];
  /** When it was written. */
  readonly clock?: ClockReading;
}

/** The text that keeps it: JSON, instants in ISO 8601 (UTC) or "infinity". */
export function formatStored({ delegations, lingering, clock }: Stored): string {
  const stored = delegations.map(({ uplink, iaid, prefix, excluded, preferredUntil, validUntil, since }) => ({
    uplink,
    iaid,
    prefix: formatPrefix(prefix),
    ...(excluded && { excluded: formatPrefix(excluded) }),
    preferredUntil: formatDeadline(preferredUntil),
    validUntil: formatDeadline(validUntil),
    since: formatDeadline(since),
  }));
  const root = {
    schemaVersion,
    ...(clock && { clock: { ...clock, wall: formatDeadline(clock.wall) } }),
    delegations: stored,
    lingering: lingering.map(({ uplink, prefix, until }) => ({
      uplink,
      prefix: formatPrefix(prefix),
      until: formatDeadline(until),
    })),
  };
  return `${JSON.stringify(root, undefined, 2)}\n`;
}

/** Reads what `formatStored` wrote. One odd value refuses the whole text: half a memory is worse than none. */
export function parseStored(text: string): Result<Stored> {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return fail(unreadable('it is not JSON (torn, or written by something else)'));
  }
  if (!isRecord(root)) return fail(unreadable('it is not an object'));
  if (root['schemaVersion'] !== schemaVersion) return fail(unreadable(`its schemaVersion is not ${schemaVersion}`));
  const list = root['delegations'];
  if (!Array.isArray(list) || list.length > limit) return fail(unreadable('its list of delegations is not usable'));
  const delegations: Delegation[] = [];
  for (const [index, entry] of list.entries()) {
    const delegation = parseEntry(entry);
    if (!delegation) return fail(unreadable(`its delegation ${index + 1} is not usable`));
    delegations.push(delegation);
  }
  const lingering: Lingering[] = [];
  const rest = root['lingering'] ?? [];
  if (!Array.isArray(rest) || rest.length > limit) return fail(unreadable('its list of what lingers is not usable'));
  for (const [index, entry] of rest.entries()) {
    const each = parseLingering(entry);
    if (!each) return fail(unreadable(`its lingering prefix ${index + 1} is not usable`));
    lingering.push(each);
  }
  if (root['clock'] === undefined) return succeed({ delegations, lingering });
  const clock = parseClock(root['clock']);
  return clock ? succeed({ delegations, lingering, clock }) : fail(unreadable('its clock is not usable'));
}

function parseLingering(entry: unknown): Lingering | undefined {
  if (!isRecord(entry)) return undefined;
  const { uplink, prefix } = entry;
  const until = parseDeadline(entry['until']);
  const read = typeof prefix === 'string' ? parsePrefix(prefix) : undefined;
  if (typeof uplink !== 'string' || !read?.ok || until === undefined || until === Infinity) return undefined;
  return { uplink, prefix: read.value, until };
}

function parseClock(value: unknown): ClockReading | undefined {
  if (!isRecord(value)) return undefined;
  const { boot, uptime } = value;
  const wall = parseDeadline(value['wall']);
  if (typeof boot !== 'string' || typeof uptime !== 'number' || wall === undefined || wall === Infinity)
    return undefined;
  return Number.isFinite(uptime) ? { boot, uptime, wall } : undefined;
}

function parseEntry(entry: unknown): Delegation | undefined {
  if (!isRecord(entry)) return undefined;
  const { uplink, iaid, prefix } = entry;
  const preferredUntil = parseDeadline(entry['preferredUntil']);
  const validUntil = parseDeadline(entry['validUntil']);
  const since = parseDeadline(entry['since']);
  if (typeof uplink !== 'string' || typeof prefix !== 'string' || typeof iaid !== 'number') return undefined;
  if (!Number.isInteger(iaid) || iaid < 0 || iaid > 0xffff_ffff) return undefined;
  if (preferredUntil === undefined || validUntil === undefined || since === undefined || since === Infinity) {
    return undefined;
  }
  if (preferredUntil > validUntil) return undefined;
  const read = parsePrefix(prefix);
  if (!read.ok) return undefined;
  const delegation = { uplink, iaid, prefix: read.value, preferredUntil, validUntil, since };
  if (entry['excluded'] === undefined) return delegation;
  const excluded = typeof entry['excluded'] === 'string' ? parsePrefix(entry['excluded']) : undefined;
  return excluded?.ok && covers(read.value, excluded.value) ? { ...delegation, excluded: excluded.value } : undefined;
}

// Date is used for its calendar alone: nothing here reads the clock.
function formatDeadline(at: Instant): string {
  // oxlint-disable-next-line no-restricted-globals
  return at === Infinity ? 'infinity' : new Date(at).toISOString();
}

function parseDeadline(value: unknown): Instant | undefined {
  if (value === 'infinity') return Infinity;
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return undefined;
  // oxlint-disable-next-line no-restricted-globals
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(why: string): Problem {
  return { code: 'stored-unreadable', message: `the stored delegations are not read: ${why}` };
}
