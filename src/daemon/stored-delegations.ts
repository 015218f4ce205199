import type { Config } from '../engine/config.ts';
import type { Delegation } from '../engine/delegation.ts';
import { dropExpired } from '../engine/merge-report.ts';
import { formatHistory, parseHistory, type HistoryEntry } from '../engine/prefix-history.ts';
import { formatStored, parseStored } from '../engine/stored-delegations.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import { delegationsPath, historyPath, type Paths } from './paths.ts';

/**
 * The last known delegations that are still valid, and the static ones. What is stored for an uplink that the
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
  const dynamic = new Set(config.uplinks.filter(({ source }) => source.from !== 'static').map(({ name }) => name));
  return dropExpired([...staticDelegations(config, now), ...known.filter(({ uplink }) => dynamic.has(uplink))], now);
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

function staticDelegations(config: Config, now: number): Delegation[] {
  return config.uplinks.flatMap(({ name, source }) =>
    source.from === 'static'
      ? [{ uplink: name, iaid: 0, prefix: source.prefix, preferredUntil: Infinity, validUntil: Infinity, since: now }]
      : [],
  );
}
