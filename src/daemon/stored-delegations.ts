import type { Instant } from '../core/instant.ts';
import type { Prefix } from '../core/prefix.ts';
import { sixToFourPrefix } from '../core/sixtofour.ts';
import type { Result } from '../core/result.ts';
import type { Config, PrefixSource } from '../engine/config.ts';
import type { Delegation } from '../engine/delegation.ts';
import { dropExpired } from '../engine/merge-report.ts';
import { clockShift, shiftDelegations, shiftLingering } from '../engine/clock-reading.ts';
import { formatHistory, parseHistory, type HistoryEntry } from '../engine/prefix-history.ts';
import { formatStored, parseStored, type Stored } from '../engine/stored-delegations.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import { delegationsPath, historyPath, type Paths } from './paths.ts';
import { readBoot, readClock } from './read-clock.ts';

/**
 * The last known delegations that are still valid, and the fixed ones; what lingers of those before. What is stored for an uplink
 * that the configuration no longer has, or has with another source, is left out. Lifetimes end when they would have, whatever
 * the wall clock was set to meanwhile.
 */
export async function readDelegations(host: Host, paths: Paths, config: Config, log: Log): Promise<Stored> {
  const clock = readClock(host.clock, await readBoot(host));
  const now = clock.wall;
  const text = await host.files.read(delegationsPath(paths));
  if (!text.ok) log.warn(text.problem.message);
  const stored = text.ok && text.value !== undefined ? parseStored(text.value) : undefined;
  if (stored && !stored.ok) log.warn(`${delegationsPath(paths)} is not used: ${stored.problem.message}`);
  const { delegations: written, lingering: left, ...when } = stored?.ok ? stored.value : nothing;
  const shift = when.clock ? clockShift(when.clock, clock) : 0;
  const known = fitDelegations(shiftDelegations(written, shift), config, now);
  const lingering = shiftLingering(left, shift).filter((each) => isKnown(config, each) && each.until > now);
  return { delegations: known, lingering };
}

/** Those that are valid and for an uplink of this configuration, and the fixed ones. */
export function fitDelegations(known: readonly Delegation[], config: Config, now: Instant): readonly Delegation[] {
  const fixed = fixedDelegations(config, now);
  const followed = known.filter((each) => isKnown(config, each) && !fixed.some(({ uplink }) => uplink === each.uplink));
  return dropExpired([...fixed, ...followed], now);
}

function isKnown({ uplinks }: Config, { uplink }: { readonly uplink: string }): boolean {
  return uplinks.some(({ name }) => name === uplink);
}

const nothing: Stored = { delegations: [], lingering: [] };

export async function storeDelegations(host: Host, paths: Paths, stored: Stored): Promise<Result<void>> {
  return host.files.write(delegationsPath(paths), formatStored(stored));
}

export async function readHistory(host: Host, paths: Paths): Promise<readonly HistoryEntry[]> {
  const text = await host.files.read(historyPath(paths));
  return text.ok && text.value !== undefined ? parseHistory(text.value) : [];
}

export async function storeHistory(host: Host, paths: Paths, history: readonly HistoryEntry[]): Promise<Result<void>> {
  return host.files.write(historyPath(paths), formatHistory(history));
}

/** Those that nobody has to tell: the configuration says them. */
function fixedDelegations(config: Config, now: number): Delegation[] {
  return config.uplinks.flatMap(({ name, source }) => {
    const prefix = fixedPrefix(source);
    if (!prefix) return [];
    return [{ uplink: name, iaid: 0, prefix, preferredUntil: Infinity, validUntil: Infinity, since: now }];
  });
}

function fixedPrefix(source: PrefixSource): Prefix | undefined {
  if (source.from === 'static') return source.prefix;
  return 'ipv4' in source ? sixToFourPrefix(source.ipv4) : undefined;
}
