import type { Site } from './site.ts';

/** In seconds. */
export interface LeaseTimes {
  readonly preferred: number;
  readonly valid: number;
  readonly renew: number;
  readonly rebind: number;
}

export interface KeaSettings {
  /** The pools are asked in this order; a client that asks for two prefixes (two `ia_pd`) gets one of each free one. */
  readonly sites: readonly Site[];
  /** Length of what is delegated, 57 to 64. */
  readonly length: number;
  readonly times: LeaseTimes;
  readonly rapidCommit: boolean;
  /** False: no pool at all, every request is answered with NoPrefixAvail. */
  readonly delegating: boolean;
  /** A part of the delegated prefix that is not for use (RFC 6603); for a length of 57, where a pool is one prefix. */
  readonly excluded?: string;
  /**
   * Kea knows leases by subnet ID. With another one a renewing client is told NoBinding, as by an edge that lost its
   * leases; with the same one it is told the new prefix first, the old one with lifetime 0 second.
   */
  readonly subnetId: number;
}

export const keaPaths = {
  socket: '/run/kea/kea6.sock',
  leases: '/var/lib/kea/leases6.csv',
  program: '/run/lab/kea-dhcp6',
} as const;

/**
 * Kea's configuration. Kea 2.6 (Debian 13) and later refuse any other directory than /run/kea (mode 0750) for the
 * socket and /var/lib/kea for the leases; 2.2 (Debian 12) takes these as well. It logs to standard output.
 *
 * What Kea 2.2 cannot be made to say: an old prefix that is deprecated but still valid beside a new one in one IA (a
 * lease outside the pools is always ended with lifetime 0); prefixes in another order than new before old; a preferred
 * lifetime above the valid one; host bits behind the prefix; two prefixes in one IA (a reservation of two gives the
 * first). `startSaying` says those.
 */
export function compileKeaConfig(settings: KeaSettings, hook: { library: string; script: string }): object {
  const { sites, length, times } = settings;
  const [first] = sites;
  const pools = sites.map((site) => ({
    prefix: site.poolAddress,
    'prefix-len': 57,
    'delegated-len': length,
    ...compileExcluded(settings),
  }));
  return {
    Dhcp6: {
      'interfaces-config': { interfaces: ['brwan'] },
      'control-socket': { 'socket-type': 'unix', 'socket-name': keaPaths.socket },
      'lease-database': { type: 'memfile', persist: true, name: keaPaths.leases, 'lfc-interval': 0 },
      'expired-leases-processing': {
        'reclaim-timer-wait-time': 1,
        'flush-reclaimed-timer-wait-time': 5,
        'hold-reclaimed-time': 3600,
      },
      'server-id': { type: 'LL', persist: false },
      'valid-lifetime': times.valid,
      'preferred-lifetime': times.preferred,
      'renew-timer': times.renew,
      'rebind-timer': times.rebind,
      'hooks-libraries': [{ library: hook.library, parameters: { name: hook.script, sync: true } }],
      subnet6: [
        {
          id: settings.subnetId,
          subnet: first?.wanLink,
          interface: 'brwan',
          'rapid-commit': settings.rapidCommit,
          ...(settings.delegating ? { 'pd-pools': pools } : {}),
        },
      ],
      loggers: [
        {
          name: 'kea-dhcp6',
          severity: 'INFO',
          output_options: [{ output: 'stdout', flush: true }],
        },
      ],
    },
  };
}

function compileExcluded({ excluded }: KeaSettings): object {
  if (excluded === undefined) return {};
  const [prefix, length] = excluded.split('/');
  return { 'excluded-prefix': prefix, 'excluded-prefix-len': Number(length) };
}
