import type { Ipv6Address } from '../core/ipv6.ts';
import type { Prefix } from '../core/prefix.ts';

/** An interface of this machine, as far as stateless translation needs to know it. */
export interface Link {
  readonly name: string;
  readonly index: number;
  /** Bytes before the IPv6 header of its packets. */
  readonly header: 0 | 14;
  readonly up: boolean;
  /** Whether something answers at the other end of the cable, as far as the interface can tell. */
  readonly carrier: boolean;
  readonly alias: string | null;
  readonly addresses: readonly Ipv6Address[];
  /** Those of them that something new may be sent from: confirmed ones, best first. */
  readonly sources: readonly Ipv6Address[];
}

/**
 * A device of ours beside an uplink. The guard sends every packet that is to be translated into it instead of onto the uplink; only
 * the program on it gets packets out again, so where that is missing nothing leaves. Hairpin packets are routed into it.
 */
export interface Detour {
  readonly name: string;
  readonly index: number;
  /** The interface of its uplink. */
  readonly uplink: string;
  /** The index of that, of a detour that is wanted. */
  readonly uplinkIndex?: number;
  /** Whether it is up. */
  readonly ready: boolean;
}

/** A program of ours and where it is. Its name tells everything that is in it, by a fingerprint. */
export interface AttachedProgram {
  readonly device: string;
  readonly hook: 'ingress' | 'egress';
  readonly name: string;
}

export interface StatelessState {
  readonly detours: readonly Detour[];
  readonly programs: readonly AttachedProgram[];
}

export interface WantedProgram extends AttachedProgram {
  /** The name of its uplink. */
  readonly uplink: string;
  readonly content: ProgramContent;
}

export interface WantedStateless extends StatelessState {
  readonly programs: readonly WantedProgram[];
  /** What is translated statelessly somewhere: conntrack sees the flows of these untranslated, as it should. */
  readonly networks: readonly Prefix[];
}

/** What a program knows; all of it is constant in it. */
export interface ProgramContent {
  readonly direction: 'inbound' | 'outbound';
  readonly outward: readonly PrefixMapping[];
  readonly inward: readonly PrefixMapping[];
  readonly networks: readonly Prefix[];
  /** The router's own addresses within outside prefixes, which are not translated. */
  readonly own: readonly Ipv6Address[];
  /** Bytes before the IPv6 header on the uplink and on the detour. */
  readonly headers: { readonly uplink: number; readonly detour: number };
  /** For the program on the detour: the interface that packets go on to, and the one where they turn. */
  readonly indexes?: { readonly uplink: number; readonly detour: number };
}

/** Both have the same length. */
export interface PrefixMapping {
  readonly from: Prefix;
  readonly to: Prefix;
}
