import type { Prefix } from '../core/prefix.ts';
import type { MappingMode } from '../core/map-address.ts';
import type { ProblemCode } from '../core/problem-codes.ts';
import type { StatelessState, WantedStateless } from './stateless.ts';

/** Something read from the machine: known (and perhaps empty), or unknown because it could not be read. */
export type Read<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string; readonly code?: ProblemCode };

/** What is ours in the kernel, as read or as wanted. */
export interface KernelState {
  readonly tables: readonly TableState[];
  /** Prefixes of our unreachable routes as text, `PREFIX dev DETOUR` for those into a detour; sorted. */
  readonly routes: readonly string[];
  /** Our routing rules as text; left out where there are none. */
  readonly rules?: readonly string[];
  /** Left out where there is nothing of it. */
  readonly stateless?: StatelessState;
}

/** One nftables table: its fixed part as signatures, its changing part as elements. */
export interface TableState {
  /** Family and name, as in `ip6 sixgate`. */
  readonly key: string;
  /** One line for each chain, rule, set and counter, in order; equal where the fixed parts are equal. */
  readonly structure: readonly string[];
  /** Set or map name -> its elements in canonical text (`KEY` or `KEY : VALUE`), sorted. */
  readonly elements: ReadonlyMap<string, readonly string[]>;
}

/** A table as wanted, with what is needed to make it and to explain a change of it. */
export interface WantedTable extends TableState {
  /** What the table is for, for messages. */
  readonly purpose: string;
  /** The fixed part as the body of an nft `table` block. */
  readonly definition: string;
  readonly sets: ReadonlyMap<string, SetPurpose>;
}

/** What a set decides, so that a change of its elements can be explained and its consequences known. */
export type SetPurpose =
  /** `offload`: no set but a flowtable, whose elements are interfaces. */
  | { readonly decides: 'guard' | 'pinholes' | 'elsewhere' | 'offload'; readonly about: string }
  /** Interfaces of uplinks whose flows were told to start anew; no rule reads it. */
  | {
      readonly decides: 'given-up';
      readonly about: string;
      readonly marks: readonly UplinkMark[];
      readonly mask: number;
    }
  | {
      readonly decides: 'outbound' | 'inbound' | 'follows';
      readonly uplink: string;
      readonly mode: MappingMode;
    };

/** By which mark connections of an uplink are known. */
export interface UplinkMark {
  readonly uplink: string;
  readonly interface: string;
  readonly mark: number;
}

export interface WantedState extends KernelState {
  readonly tables: readonly WantedTable[];
  readonly stateless?: WantedStateless;
  /** Inside prefixes whose flows go out untranslated somewhere, as they should. */
  readonly native?: readonly Prefix[];
  /** Why a rule is wanted, by its text. */
  readonly reasons?: ReadonlyMap<string, string>;
}
