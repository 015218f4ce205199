import type { Instant } from '../core/instant.ts';
import type { Prefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';

/** A delegated prefix as it stands (RFC 8415 sections 6.3, 21.22): in use until its valid lifetime ends. */
export interface Delegation {
  readonly uplink: string;
  /** Identity association; a client may hold several (RFC 8415 section 12). */
  readonly iaid: number;
  readonly prefix: Prefix;
  /** The part of it that is on the provider's link and not for use inside (RFC 6603). */
  readonly excluded?: Prefix;
  readonly preferredUntil: Instant;
  readonly validUntil: Instant;
  /** When it was first seen. */
  readonly since: Instant;
}

/** What a DHCPv6 client said in one message about one interface. Lifetimes are in seconds, counted from its arrival. */
export interface LeaseReport {
  readonly interface: string;
  /** The client's own word for what happened, for logs. */
  readonly reason: string;
  readonly prefixes: readonly ReportedPrefix[];
  /** True where the client gave its leases up (stopped, released): what it held is not to be used any longer. */
  readonly released: boolean;
  /** Whether the interface had a carrier when the message was written, where it says so. */
  readonly link?: 'up' | 'down';
  /** What was in the message but cannot be used, each with its reason. */
  readonly refused: readonly Problem[];
}

export interface ReportedPrefix {
  readonly iaid: number;
  readonly prefix: Prefix;
  readonly excluded?: Prefix;
  readonly preferredLifetime: number;
  /** 0: discard now. */
  readonly validLifetime: number;
}
