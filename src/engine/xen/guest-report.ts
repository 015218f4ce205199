import type { ObservedGuests } from './observed-guests.ts';
import type { Vif } from './vif.ts';
import type { VifState } from './vif-state.ts';

/** One interface of a running guest, or the record of one that is gone. */
export interface GuestReport {
  readonly vif: Vif;
  readonly running: boolean;
  /** The entry that the configuration has for it now. */
  readonly entry?: string;
  readonly state?: VifState;
  /** What is not as it should be. */
  readonly faults: readonly string[];
}

export interface GuestsReport {
  readonly guests: readonly GuestReport[];
  readonly dropped: ObservedGuests['dropped'];
}
