import type { Prefix } from '../../core/prefix.ts';

/** A table of somebody else's packet filter, as far as it can stop or translate IPv6 packets. */
export interface FirewallTable {
  /** As its owner calls it: `inet filter`, `ip6tables nat`. */
  readonly name: string;
  readonly chains: ReadonlyMap<string, FirewallChain>;
  /** Interfaces of its flowtables by name; left out where there are none. */
  readonly flowtables?: ReadonlyMap<string, readonly string[]>;
}

export interface FirewallChain {
  readonly name: string;
  /** Left out for a chain that others jump to. */
  readonly base?: ChainBase;
  readonly rules: readonly FirewallRule[];
}

export interface ChainBase {
  readonly type: string;
  readonly hook: string;
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
}

export interface FirewallRule {
  /** All of them have to hold. */
  readonly conditions: readonly Condition[];
  readonly effect: Effect;
  /** What it does with every single packet, or decides by; left out where that is nothing. */
  readonly work?: readonly PacketWork[];
  /** The flowtable that it hands flows over to. */
  readonly handsTo?: string;
}

/**
 * What differs from packet to packet of one flow, so that a rule has to see all of them. Not the marks and labels of conntrack, which a
 * flow keeps, nor the largest segment of TCP, which is told in the first packets.
 */
export type PacketWork =
  | 'limit'
  | 'quota'
  | 'counter'
  | 'log'
  | 'trace'
  | 'mark'
  | 'priority'
  | 'DSCP'
  | 'hop limit'
  | 'header'
  | 'queue'
  | 'copy'
  | 'set'
  | 'length'
  | 'content'
  | 'time of day'
  | 'chance'
  | 'bytes of the flow';

export type Effect =
  /** `unreadable`: it does something that is not known here; `none`: it only counts, logs or marks. */
  | { readonly do: 'accept' | 'drop' | 'return' | 'translate' | 'none' | 'unreadable' }
  | { readonly do: 'jump' | 'goto'; readonly chain: string };

export type Condition =
  | { readonly kind: 'field'; readonly field: Field; readonly negated: boolean; readonly values: readonly Value[] }
  /** Holds for some packets only, whatever they are: a rate limit. */
  | { readonly kind: 'sometimes' }
  /** Holds for the first packet of a TCP connection each way at most (SYN). */
  | { readonly kind: 'opening' }
  | { readonly kind: 'unreadable' };

export type Field =
  | 'iifname'
  | 'oifname'
  | 'family'
  | 'protocol'
  | 'source'
  | 'destination'
  | 'source port'
  | 'destination port'
  | 'icmpv6 type'
  | 'ct state'
  | 'ct status';

/** Text may end in `*`, as interface names do; numbers and addresses are ranges. */
export type Value =
  | { readonly text: string }
  | { readonly first: number; readonly last: number }
  | { readonly prefix: Prefix };
