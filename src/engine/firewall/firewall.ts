import type { Prefix } from '../../core/prefix.ts';

/** A table of somebody else's packet filter, as far as it can stop or translate IPv6 packets. */
export interface FirewallTable {
  /** As its owner calls it: `inet filter`, `ip6tables nat`. */
  readonly name: string;
  readonly chains: ReadonlyMap<string, FirewallChain>;
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
}

export type Effect =
  /** `unreadable`: it does something that is not known here; `none`: it only counts, logs or marks. */
  | { readonly do: 'accept' | 'drop' | 'return' | 'translate' | 'none' | 'unreadable' }
  | { readonly do: 'jump' | 'goto'; readonly chain: string };

export type Condition =
  | { readonly kind: 'field'; readonly field: Field; readonly negated: boolean; readonly values: readonly Value[] }
  /** Holds for some packets only, whatever they are: a rate limit. */
  | { readonly kind: 'sometimes' }
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
