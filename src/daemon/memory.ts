import type { Instant } from '../core/instant.ts';
import type { Prefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import { clockShift, shiftDelegations, shiftLingering } from '../engine/clock-reading.ts';
import type { Config } from '../engine/config.ts';
import type { Delegation, LeaseReport } from '../engine/delegation.ts';
import { deriveLingering, type Lingering } from '../engine/lingering.ts';
import { dropExpired, dropUnconfirmed, mergeReport } from '../engine/merge-report.ts';
import { recordHistory, type HistoryEntry } from '../engine/prefix-history.ts';
import { formatStored } from '../engine/stored-delegations.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import type { Paths } from './paths.ts';
import { readBoot, readClock } from './read-clock.ts';
import { fitDelegations, readDelegations, readHistory, storeDelegations, storeHistory } from './stored-delegations.ts';

/** What is known of the delegations, here and on the disk. */
export interface Memory {
  /** Those of an uplink now. */
  delegationsOf(uplink: string): readonly Delegation[];
  merge(uplink: string, report: LeaseReport, config: Config): void;
  /** Another router has held the delegations meanwhile: what the next report of an uplink does not name is over. */
  doubt(config: Config): void;
  /** What holds at this moment, for one pass; a report that comes during the pass is for the next one. */
  settle(): Settled;
  /** Puts what the last `settle` gave on the disk, where it is not there yet; false where that failed and is to be tried again. */
  store(): Promise<boolean>;
  /** As of the last `settle`. */
  delegations(): readonly Delegation[];
  history(): readonly HistoryEntry[];
  /** What was delegated and can't be used, by the last word of each uplink's client, and what could not be stored. */
  problems(): readonly Problem[];
  /** Goes on with another configuration. */
  reload(config: Config): void;
  /** The same for a while: what is known is put aside, and nothing goes to the disk. */
  tryFor(config: Config): void;
  /** The configuration that was tried stays. */
  keep(): void;
  /** Back to this one, with what was known before; `still`: an uplink of both, of which the last word counts. */
  goBack(config: Config, still: (uplink: string) => boolean): void;
}

export interface Settled {
  readonly now: Instant;
  readonly delegations: readonly Delegation[];
  readonly lingering: readonly Lingering[];
}

export async function openMemory(host: Host, paths: Paths, config: Config, log: Log): Promise<Memory> {
  const boot = await readBoot(host);
  let clock = readClock(host.clock, boot);
  let { delegations, lingering } = await readDelegations(host, paths, config, log);
  let settled = delegations;
  let stored = formatStored({ delegations, lingering });
  let history = await readHistory(host, paths);
  let storedHistory = history;
  let unstored: Problem | undefined;
  const doubted = new Set<string>();
  let aside: { readonly delegations: readonly Delegation[]; readonly lingering: readonly Lingering[] } | undefined;
  const refused = new Map<string, readonly Problem[]>();

  /** Lifetimes are kept as moments of the wall clock; where that was set, they move along with it. */
  function readTime(): Instant {
    const next = readClock(host.clock, boot);
    const shift = clockShift(clock, next);
    clock = next;
    if (shift !== 0) {
      const how = `${shift > 0 ? 'forward' : 'back'} by ${Math.round(Math.abs(shift) / 1000)} s`;
      log.info(`the clock was set ${how}; lifetimes end when they would have`);
      delegations = shiftDelegations(delegations, shift);
      settled = shiftDelegations(settled, shift);
      lingering = shiftLingering(lingering, shift);
      aside &&= {
        delegations: shiftDelegations(aside.delegations, shift),
        lingering: shiftLingering(aside.lingering, shift),
      };
    }
    return clock.wall;
  }

  function reload(next: Config): void {
    refused.clear();
    // First, since it moves the delegations where the clock was set.
    const now = readTime();
    delegations = fitDelegations(delegations, next, now);
  }

  return {
    delegationsOf(uplink) {
      readTime();
      return delegations.filter((each) => each.uplink === uplink);
    },
    delegations: () => settled,
    history: () => history,
    problems: () => [...[...refused.values()].flat(), ...(unstored ? [unstored] : [])],
    merge(uplink, report, config) {
      const now = readTime();
      const inside = translatedOn(config, uplink);
      const held = doubted.has(uplink) ? dropUnconfirmed(delegations, report, uplink) : delegations;
      if (report.prefixes.length > 0) doubted.delete(uplink);
      const merged = mergeReport(held, report, uplink, now, inside);
      if (merged.refused.length > 0) refused.set(uplink, merged.refused);
      else if (report.prefixes.length > 0) refused.delete(uplink);
      delegations = merged.delegations;
    },
    doubt(next) {
      for (const { name, source } of next.uplinks) if (source.from !== 'static') doubted.add(name);
    },
    settle() {
      const now = readTime();
      const before = settled;
      settled = delegations = dropExpired(delegations, now);
      lingering = deriveLingering(lingering, before, settled, now);
      history = recordHistory(history, settled, now);
      return { now, delegations: settled, lingering };
    },
    async store() {
      if (aside) return true;
      unstored = undefined;
      const next = formatStored({ delegations: settled, lingering });
      if (next !== stored) {
        const written = await storeDelegations(host, paths, { delegations: settled, lingering, clock });
        if (written.ok) stored = next;
        else unstored = written.problem;
      }
      const entries = history;
      if (entries !== storedHistory) {
        const written = await storeHistory(host, paths, entries);
        if (written.ok) storedHistory = entries;
        else unstored ??= written.problem;
      }
      return unstored === undefined;
    },
    reload,
    tryFor(next) {
      readTime();
      const before = { delegations, lingering };
      reload(next);
      aside = before;
    },
    keep: () => void (aside = undefined),
    goBack(config, still) {
      if (!aside) return;
      const before = aside.delegations.filter(({ uplink }) => !still(uplink));
      delegations = [...before, ...delegations.filter(({ uplink }) => still(uplink))];
      reload(config);
      // What was tried leaves nothing behind, not even for a moment.
      settled = delegations;
      ({ lingering } = aside);
      aside = undefined;
    },
  };
}

/** The inside prefixes that a delegation of this uplink must have nothing of; a network that is a part of one is no obstacle. */
function translatedOn({ networks, translations }: Config, uplink: string): Prefix[] {
  const native = (name: string): boolean =>
    translations.some((each) => each.native && each.uplink.name === uplink && each.network.name === name);
  return networks.filter(({ name }) => !native(name)).map(({ prefix }) => prefix);
}
