import type { Instant } from '../core/instant.ts';
import type { Problem } from '../core/problem.ts';
import type { Config } from '../engine/config.ts';
import type { Delegation, LeaseReport } from '../engine/delegation.ts';
import { deriveLingering, type Lingering } from '../engine/lingering.ts';
import { dropExpired, dropUnconfirmed, mergeReport } from '../engine/merge-report.ts';
import { recordHistory, type HistoryEntry } from '../engine/prefix-history.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import type { Paths } from './paths.ts';
import { readDelegations, readHistory, storeDelegations, storeHistory } from './stored-delegations.ts';

/** What is known of the delegations, here and on the disk. */
export interface Memory {
  /** Those of an uplink now. */
  delegationsOf(uplink: string): Delegation[];
  merge(uplink: string, report: LeaseReport, config: Config, now: Instant): void;
  /** Another router has held the delegations meanwhile: what the next report of an uplink does not name is over. */
  doubt(config: Config): void;
  /** What holds at this moment, for one pass; a report that comes during the pass is for the next one. */
  settle(now: Instant): { readonly delegations: readonly Delegation[]; readonly lingering: readonly Lingering[] };
  /** Puts what the last `settle` gave on the disk, where it changed. */
  store(): Promise<void>;
  /** As of the last `settle`. */
  delegations(): readonly Delegation[];
  history(): readonly HistoryEntry[];
  /** What was delegated and can't be used: by the last word of each uplink's client. */
  refused(): readonly Problem[];
  /** Starts anew from the disk, for another configuration. */
  reload(config: Config): Promise<void>;
}

export async function openMemory(host: Host, paths: Paths, config: Config, log: Log): Promise<Memory> {
  let delegations = await readDelegations(host, paths, config, log);
  let settled = delegations;
  let stored = delegations;
  let lingering: readonly Lingering[] = [];
  let history = await readHistory(host, paths);
  const doubted = new Set<string>();
  const refused = new Map<string, readonly Problem[]>();

  async function remember(): Promise<void> {
    const next = recordHistory(history, settled, host.clock.now());
    if (next === history) return;
    history = next;
    await storeHistory(host, paths, history, log);
  }
  await remember();

  return {
    delegationsOf: (uplink) => delegations.filter((each) => each.uplink === uplink),
    delegations: () => settled,
    history: () => history,
    refused: () => [...refused.values()].flat(),
    merge(uplink, report, { networks }, now) {
      const inside = networks.map((network) => network.prefix);
      const held = doubted.has(uplink) ? dropUnconfirmed(delegations, report, uplink) : delegations;
      if (report.prefixes.length > 0) doubted.delete(uplink);
      const merged = mergeReport(held, report, uplink, now, inside);
      if (merged.refused.length > 0) refused.set(uplink, merged.refused);
      else if (report.prefixes.length > 0) refused.delete(uplink);
      delegations = merged.delegations;
    },
    doubt(config) {
      for (const { name, source } of config.uplinks) if (source.from !== 'static') doubted.add(name);
    },
    settle(now) {
      const before = settled;
      settled = delegations = dropExpired(delegations, now);
      lingering = deriveLingering(lingering, before, settled, now);
      return { delegations: settled, lingering };
    },
    async store() {
      if (settled === stored) return;
      stored = settled;
      await storeDelegations(host, paths, stored, log);
      await remember();
    },
    async reload(next) {
      refused.clear();
      delegations = await readDelegations(host, paths, next, log);
    },
  };
}
