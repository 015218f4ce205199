import { fingerprint } from '../core/fingerprint.ts';
import { rememberOnce } from '../core/remember-once.ts';
import type { Config } from './config.ts';

/** By what a provider knows this router, and what it would do: equal on two that stand for each other. */
export interface NodeIdentity {
  /** Tells configurations apart; the same for the same content, however it is written. */
  readonly config: string;
  readonly uplinks: readonly UplinkIdentity[];
}

/** What is null could not be told, or is no matter of this kind of uplink. */
export interface UplinkIdentity {
  readonly uplink: string;
  readonly interface: string;
  readonly mac: string | null;
  readonly duid: string | null;
  readonly iaid: number | null;
  /** The length of the prefix that is asked for. */
  readonly hint: number | null;
}

export const digestOfConfig = rememberOnce((config: Config): string =>
  fingerprint(JSON.stringify(config, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))),
);
