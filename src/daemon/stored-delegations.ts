import type { Prefix } from '../core/prefix.ts';
import { sixToFourPrefix } from '../core/sixtofour.ts';
import type { Config, PrefixSource } from '../engine/config.ts';
import type { Delegation } from '../engine/delegation.ts';
import { dropExpired } from '../engine/merge-report.ts';
import { formatHistory, parseHistory, type HistoryEntry } from '../engine/prefix-history.ts';
import { formatStored, parseStored } from '../engine/stored-delegations.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import { delegationsPath, historyPath, type Paths } from './paths.ts';

/**
 * The last known delegations that are still valid, and the fixed ones. What is stored for an uplink that the
 * configuration no longer has, or has with another source, is left out.
 */
export async function readDelegations(
  host: Host,
  paths: Paths,
  config: Config,
  log: Log,
): Promise<readonly Delegation[]> {
  const now = host.clock.now();
  const text = await host.files.read(delegationsPath(paths));
  if (!text.ok) log.warn(text.problem.message);
  const stored = text.ok && text.value !== undefined ? parseStored(text.value) : undefined;
  if (stored && !stored.ok) log.warn(`${delegationsPath(paths)} is not used: ${stored.problem.message}`);
  const known = stored?.ok ? stored.value : [];
  const fixed = fixedDelegations(config, now);
  const isKnown = (uplink: string): boolean => config.uplinks.some(({ name }) => name === uplink);
  const followed = known.filter(({ uplink }) => isKnown(uplink) && !fixed.some((other) => other.uplink === uplink));
  return dropExpired([...fixed, ...followed], now);
}

export async function storeDelegations(
  host: Host,
  paths: Paths,
  delegations: readonly Delegation[],
  log: Log,
): Promise<void> {
  const written = await host.files.write(delegationsPath(paths), formatStored(delegations));
  if (!written.ok) log.warn(written.problem.message);
}

export async function readHistory(host: Host, paths: Paths): Promise<readonly HistoryEntry[]> {
  const text = await host.files.read(historyPath(paths));
  return text.ok && text.value !== undefined ? parseHistory(text.value) : [];
}

export async function storeHistory(
  host: Host,
  paths: Paths,
  history: readonly HistoryEntry[],
  log: Log,
): Promise<void> {
  const written = await host.files.write(historyPath(paths), formatHistory(history));
  if (!written.ok) log.warn(written.problem.message);
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
