import type { Observation } from './observe-kernel.ts';

/**
 * What the kernel was seen to hold, for as long as nothing says that it can have changed. Told of a change while a look
 * is under way, it does not believe that look for the next pass. Of elements it is told in which set they changed; the others still count.
 */
export interface KernelView {
  /** What was seen and still counts. */
  recall(): Observation | undefined;
  /** What was seen, where no more than the elements of some sets can have changed. */
  recallPart(): PartSeen | undefined;
  /** Something in the kernel can have changed: in this place, if one is named (see `PartSeen`). */
  forget(where?: string): void;
  /**
   * Begins a pass; what it returns ends it, with what was seen and in which places it was changed since: none where nothing had to be
   * done, undefined where it cannot be told.
   */
  begin(): (observation: Observation, changed: Iterable<string> | undefined) => void;
}

export interface PartSeen {
  readonly seen: Observation;
  /**
   * Where it has to be looked at again: sets, each with the family and the name of its table, as in `ip6 sixgate out_dsl`, and
   * `elsewhere`.
   */
  readonly doubted: ReadonlySet<string>;
}

/** All that is not in tables of nftables: a look at some sets is one at that as well. */
export const elsewhere = 'elsewhere';

export function createKernelView(): KernelView {
  let seen: Observation | undefined;
  let doubted = new Set<string>();
  let changes = 0;
  return {
    recall: () => (doubted.size === 0 ? seen : undefined),
    recallPart: () => (seen && doubted.size > 0 ? { seen, doubted } : undefined),
    forget(where) {
      if (where !== undefined) {
        doubted.add(where);
        return;
      }
      changes++;
      seen = undefined;
    },
    begin() {
      const before = changes;
      doubted = new Set();
      return (observation, changed) => {
        seen = changed && before === changes ? observation : undefined;
        for (const place of changed ?? []) doubted.add(place);
      };
    },
  };
}
