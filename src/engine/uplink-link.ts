import type { Ipv6Address } from '../core/ipv6.ts';

/** What the kernel says of an uplink, whoever made it so. */
export interface UplinkLink {
  readonly interface: string;
  readonly condition: LinkCondition;
  /** Global addresses of the interface, also those that are being given up. */
  readonly addresses: readonly Ipv6Address[];
  /** Those that something new may be sent from, best first. */
  readonly sources: readonly Ipv6Address[];
  readonly routes: readonly UplinkRoute[];
  /** Seconds until the next of its routes runs out, unless it is announced again; Infinity where none does. */
  readonly lasts: number;
}

export type LinkCondition = 'ready' | 'missing' | 'off' | 'no-carrier' | 'no-route';

/** A route through an uplink, of any table but our own. */
export interface UplinkRoute {
  /** As `ip route` takes it, without table and protocol. */
  readonly text: string;
  /** Whether it is a way to the whole Internet. */
  readonly toInternet: boolean;
}

/** What is wrong with a link, as a clause; undefined for one that is ready. */
export function explainLink({ interface: name, condition }: Pick<UplinkLink, 'interface' | 'condition'>) {
  return {
    ready: undefined,
    missing: `${name} is not there`,
    off: `${name} is down`,
    'no-carrier': `${name} has no carrier`,
    'no-route': `no default route through ${name}`,
  }[condition];
}
