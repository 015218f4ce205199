import type { Prefix } from '../core/prefix.ts';

/** Which conntrack entries a step deletes, so that their flows start anew with the mappings in force. */
export type FlowSelection =
  /** Every translated flow that an inside host of this prefix began: for a prefix that died at once. */
  | { readonly which: 'translated-from'; readonly inside: string; readonly marked?: Marked }
  /** Every flow that lives on an uplink, whoever began it. */
  | ({ readonly which: 'on-uplink' } & OnUplink)
  /** Every flow that began from outside towards this prefix. */
  | { readonly which: 'towards'; readonly outside: string }
  /** Exactly those that carry an address that is not in force (see `findStaleFlows`). */
  | {
      readonly which: 'stale';
      readonly networks: readonly Prefix[];
      readonly inForce: readonly Prefix[];
      /** Of the networks those whose flows go untranslated as conntrack sees it, since they are translated behind it. */
      readonly stateless: readonly Prefix[];
      /** Besides, all that lives on these uplinks, which are given up. */
      readonly givenUp?: readonly OnUplink[];
    };

/** An uplink, by the mark of the flows that live on it. */
export interface OnUplink {
  readonly uplink: string;
  readonly marked: Marked;
}

/** A connection mark, as far as the mask goes. */
export interface Marked {
  readonly mark: number;
  readonly mask: number;
}
