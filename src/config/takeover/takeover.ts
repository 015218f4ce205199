import type { Prefix } from '../../core/prefix.ts';

/** What takes the place of a set-up by hand. */
export interface Takeover {
  /** Undefined where nothing is translated. */
  readonly translation: TakeoverTranslation | undefined;
  /** Commands of sixgate that make files anew, such as those of tunnels. */
  readonly commands: readonly string[];
  readonly files: readonly TakeoverFile[];
  /** What is not as it seems, or has to be decided by somebody. */
  readonly remarks: readonly string[];
}

export interface TakeoverTranslation {
  readonly uplink: string;
  readonly length: number;
  readonly iaid: number | undefined;
  readonly duid: string | undefined;
  /** For one of two routers that take turns. */
  readonly stateless: boolean;
  readonly prefix: Prefix;
  readonly subnets: readonly { readonly name: string; readonly id: bigint; readonly interface: string | undefined }[];
}

/** A file of the old set-up. */
export interface TakeoverFile {
  readonly path: string;
  readonly do: 'delete' | 'edit';
  /** From 1, first and last of what goes, where it is edited. */
  readonly lines: readonly (readonly [number, number])[];
  readonly why: string;
}
