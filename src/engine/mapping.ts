import { equalPrefixes, type Prefix } from '../core/prefix.ts';

/** An inside prefix and the outside prefix that stands for it on one uplink; both have the same length. */
export interface Mapping {
  readonly uplink: string;
  readonly network: string;
  /** The one subnet that it is for, where the delegation does not hold the whole network. */
  readonly subnet?: string;
  readonly inside: Prefix;
  readonly outside: Prefix;
  /**
   * `both`: new flows leave with the outside prefix, and it is served inbound. `inbound`: an older prefix that is
   * still valid and only served inbound.
   */
  readonly direction: 'both' | 'inbound';
}

/** Whether addresses stay as they are: the inside prefix is the uplink's own. */
export function isNative({ inside, outside }: Pick<Mapping, 'inside' | 'outside'>): boolean {
  return equalPrefixes(inside, outside);
}
