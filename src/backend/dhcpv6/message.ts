import type { Ipv6Address } from '../../core/ipv6.ts';
import type { Prefix } from '../../core/prefix.ts';
import type { Duid } from '../../core/duid.ts';
import type { MessageType } from './protocol-numbers.ts';

/** A message between client and server (RFC 9915 section 8), as far as prefix delegation needs it. */
export interface Message {
  readonly type: MessageType;
  /** 24 bits. */
  readonly transactionId: number;
  readonly clientId?: Duid;
  readonly serverId?: Duid;
  readonly associations: readonly Association[];
  readonly status?: Status;
  readonly rapidCommit?: true;
  readonly reconfigureAccept?: true;
  /** 0 to 255; a server that says none has 0. */
  readonly preference?: number;
  /** What a Reconfigure message asks for: 5 for Renew, 6 for Rebind, 11 for Information-request. */
  readonly asksFor?: number;
  /** Since the client's first message of this exchange, in hundredths of a second. */
  readonly elapsed?: number;
  /** The options that a client wants to be told. */
  readonly requested?: readonly number[];
  readonly authentication?: Authentication;
  /** In seconds. */
  readonly solMaxRt?: number;
}

/** An identity association for prefix delegation (RFC 9915 section 21.21). Times in seconds. */
export interface Association {
  readonly iaid: number;
  readonly t1: number;
  readonly t2: number;
  readonly prefixes: readonly AssociatedPrefix[];
  readonly status?: Status;
}

/** RFC 9915 section 21.22, as it was sent: lifetimes in seconds, the address with whatever stands behind the length. */
export interface AssociatedPrefix {
  readonly preferredLifetime: number;
  readonly validLifetime: number;
  readonly length: number;
  readonly address: Ipv6Address;
  /** The part that stays with the provider's link (RFC 6603 section 4.2). */
  readonly excluded?: Prefix | 'malformed';
}

/** RFC 9915 section 21.13. The text holds printable ASCII only. */
export interface Status {
  readonly code: number;
  readonly text: string;
}

/** RFC 9915 section 21.11. */
export interface Authentication {
  readonly protocol: number;
  readonly algorithm: number;
  /** How replays are detected; 0: the next number is higher. */
  readonly method: number;
  readonly replay: bigint;
  readonly information: Uint8Array;
}
