import type { Prefix } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import type { LeaseReport } from '../../engine/delegation.ts';
import type { Duid } from '../../core/duid.ts';
import type { AssociatedPrefix, Status } from './message.ts';
import type { ExchangeType, Retransmission } from './retransmission.ts';

/** What a client is told once. */
export interface ClientSettings {
  readonly interface: string;
  readonly duid: Duid;
  /** The IAIDs of its identity associations, one prefix each as a rule; at least one. */
  readonly iaids: readonly number[];
  /** The prefix length to ask for. */
  readonly length?: number;
  readonly rapidCommit: boolean;
  /** Take the first usable offer at once, where the RFC waits a second for better ones (section 18.2.9). */
  readonly firstOffer: boolean;
}

/** A prefix that is held. Moments are in milliseconds of a clock that never jumps. */
export interface Lease {
  readonly iaid: number;
  readonly prefix: Prefix;
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** A message on its way, sent again until it is answered. */
export interface Exchange {
  readonly type: ExchangeType;
  readonly transactionId: number;
  /** To whom; undefined for all servers. */
  readonly server?: Duid;
  readonly retransmission: Retransmission;
  /** How often it was sent; 0 while it is put off. */
  readonly sent: number;
  /** When it was sent first. */
  readonly begun: number;
  /** The last time between two transmissions. */
  readonly timeout?: number;
  /** When it is sent (again). */
  readonly nextAt: number;
  /** When it is given up; Infinity: never. */
  readonly endsAt: number;
  /** A Request: the associations that it wants, with what was offered. */
  readonly wanted?: readonly Wanted[];
  /** A Request after NoBinding: a prefix that its answer leaves out is gone. */
  readonly anew?: true;
}

export interface Wanted {
  readonly iaid: number;
  readonly prefixes: readonly AssociatedPrefix[];
}

/** What one server offers in an Advertise. */
export interface Offer {
  readonly server: Duid;
  readonly preference: number;
  readonly wanted: readonly Wanted[];
}

/** Questions that are asked again until their answer shows a change: the server can be behind the router advertisement. */
export interface Campaign {
  readonly begun: number;
  /** Which of the moments is next. */
  readonly next: number;
}

/** The key for Reconfigure messages of one server (RFC 9915 section 20.4). */
export interface ReconfigureKey {
  readonly server: Duid;
  readonly key: Uint8Array;
  /** The lowest number that is no replay. */
  readonly leastReplay: bigint;
}

export interface ClientState {
  readonly settings: ClientSettings;
  /** Whether messages can be sent. */
  readonly link: boolean;
  /** Undefined while nothing is to be asked. */
  readonly exchange?: Exchange;
  readonly offers: readonly Offer[];
  readonly leases: readonly Lease[];
  /** Whom the leases are from; undefined where that is not known any more. */
  readonly server?: Duid;
  /** T1 and T2. */
  readonly renewAt: number;
  readonly rebindAt: number;
  /** In milliseconds; what a server said instead of 3600 s. */
  readonly solMaxRt?: number;
  readonly reconfigureKey?: ReconfigureKey;
  readonly campaign?: Campaign;
  /** How often in a row a Request came to nothing. */
  readonly failures: number;
  /** When the latest messages were sent. */
  readonly sentAt: readonly number[];
  /** What the last server said that would not delegate. */
  readonly denied?: Status;
}

export type ClientEvent =
  /** The interface can be used, or no longer. */
  | { readonly is: 'link'; readonly up: boolean }
  /** A datagram to the client's own address. */
  | { readonly is: 'datagram'; readonly bytes: Uint8Array }
  /** The moment of `wakeAt` came. */
  | { readonly is: 'timer' }
  /** Something says that the answer may be another one now; until there is any answer, or one that differs. */
  | { readonly is: 'kick'; readonly until: 'answer' | 'change' }
  /** The prefixes are given back. */
  | { readonly is: 'release' };

export type ClientEffect =
  | { readonly do: 'send'; readonly type: ExchangeType; readonly bytes: Uint8Array }
  | { readonly do: 'report'; readonly report: LeaseReport }
  /** A message that came in is not used. */
  | { readonly do: 'refuse'; readonly problem: Problem }
  /** The Release was answered, or nobody answers it. */
  | { readonly do: 'released' };

/** What a step is given besides state and event. */
export interface Circumstances {
  /** In milliseconds of a clock that never jumps. */
  readonly now: number;
  /** 24 random bits for a new exchange. */
  readonly transactionId: number;
  /** Random, from 0 up to 1. */
  readonly jitter: number;
}

/** A client that has sent nothing yet; `leases` are those of an earlier life. */
export function newClient(settings: ClientSettings, leases: readonly Lease[]): ClientState {
  return {
    settings,
    link: false,
    offers: [],
    leases: leases.filter(({ iaid }) => settings.iaids.includes(iaid)),
    renewAt: Infinity,
    rebindAt: Infinity,
    failures: 0,
    sentAt: [],
  };
}
