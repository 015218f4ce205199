import { infiniteLifetime } from '../../core/instant.ts';
import { ipv6FromWords } from '../../core/ipv6.ts';
import { prefixOf, type Prefix } from '../../core/prefix.ts';
import type { ReportedPrefix } from '../../engine/delegation.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** Everything that networkd knows, interfaces and routes, as JSON: systemd 250 and later. */
export const listNetworkd = ['networkctl', '--json=short', 'list'] as const;

export interface NetworkdState {
  readonly links: ReadonlyMap<string, NetworkdLink>;
  /**
   * The prefixes that its DHCPv6 clients have put an unreachable route under, whichever of them it was. Only the valid
   * lifetime is told; a prefix whose deadline is not the latest has not been in the last Reply, and counts as deprecated.
   */
  readonly unreachable: readonly ReportedPrefix[];
}

export interface NetworkdLink {
  /** `configured`, `configuring`, `unmanaged`, `failed`, `pending` ... */
  readonly state: string;
  /** The .network file that it goes by. */
  readonly file?: string;
  /** Undefined where networkd does not tell of its DHCPv6 client (before 255), or runs none here. */
  readonly client?: NetworkdClient;
}

export interface NetworkdClient {
  readonly leased: boolean;
  readonly prefixes: readonly ReportedPrefix[];
}

/**
 * Reads the output of `listNetworkd`. `uptime`: seconds since boot, which its deadlines are counted from (CLOCK_BOOTTIME,
 * in microseconds). 252 names prefixes in its routes alone; from 255 on the client of an interface does (257 was seen).
 */
export function parseNetworkd(text: string, uptime: number): Read<NetworkdState> {
  try {
    const root = JSON.parse(text) as RawState;
    if (!Array.isArray(root.Interfaces)) throw new Error('it names no interfaces');
    const links = root.Interfaces.map((link): [string, NetworkdLink] => [
      link.Name,
      {
        state: link.AdministrativeState,
        ...(link.NetworkFile !== undefined && { file: link.NetworkFile }),
        ...(link.DHCPv6Client && { client: readClient(link.DHCPv6Client, uptime) }),
      },
    ]);
    const routes = (root.Routes ?? []).filter(
      (route) => route.Family === 10 && route.TypeString === 'unreachable' && route.ConfigSource === 'DHCPv6',
    );
    return { known: true, value: { links: new Map(links), unreachable: readRoutes(routes, uptime) } };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of networkctl was not understood: ${why}` };
  }
}

interface RawState {
  readonly Interfaces?: readonly RawLink[];
  readonly Routes?: readonly RawRoute[];
}

interface RawLink {
  readonly Name: string;
  readonly AdministrativeState: string;
  readonly NetworkFile?: string;
  readonly DHCPv6Client?: RawClient;
}

interface RawClient {
  readonly Lease?: unknown;
  readonly Prefixes?: readonly RawPrefix[];
}

interface RawPrefix {
  readonly Prefix: readonly number[];
  readonly PrefixLength: number;
  /** Both are left out where they are infinite. */
  readonly PreferredLifetimeUSec?: number;
  readonly ValidLifetimeUSec?: number;
}

interface RawRoute {
  readonly Family: number;
  readonly Destination: readonly number[];
  readonly DestinationPrefixLength: number;
  readonly TypeString: string;
  readonly ConfigSource: string;
  readonly LifetimeUSec?: number;
}

function readClient({ Lease: lease, Prefixes: prefixes = [] }: RawClient, uptime: number): NetworkdClient {
  return {
    leased: lease !== undefined,
    prefixes: prefixes.map((raw) => ({
      iaid: 0, // it does not say
      prefix: readPrefix(raw.Prefix, raw.PrefixLength),
      preferredLifetime: lifetimeUntil(raw.PreferredLifetimeUSec, uptime),
      validLifetime: lifetimeUntil(raw.ValidLifetimeUSec, uptime),
    })),
  };
}

function readRoutes(routes: readonly RawRoute[], uptime: number): readonly ReportedPrefix[] {
  const deadlines = routes.map(({ LifetimeUSec: until = Infinity }) => until);
  const latest = Math.max(...deadlines);
  return routes.map((route, index) => {
    const validLifetime = lifetimeUntil(route.LifetimeUSec, uptime);
    return {
      iaid: 0,
      prefix: readPrefix(route.Destination, route.DestinationPrefixLength),
      preferredLifetime: deadlines[index] === latest ? validLifetime : 0,
      validLifetime,
    };
  });
}

function readPrefix(bytes: readonly number[], length: number): Prefix {
  const isByte = (byte: unknown): boolean => Number.isInteger(byte) && Number(byte) >= 0 && Number(byte) <= 255;
  if (!Array.isArray(bytes) || bytes.length !== 16 || !bytes.every(isByte)) throw new Error('a prefix is not 16 bytes');
  if (!Number.isInteger(length) || length < 0 || length > 128) throw new Error('the length of a prefix is no length');
  const words = Array.from({ length: 8 }, (_, index) => bytes[2 * index]! * 256 + bytes[2 * index + 1]!);
  return prefixOf(ipv6FromWords(words), length);
}

function lifetimeUntil(deadline: number | undefined, uptime: number): number {
  if (deadline === undefined) return infiniteLifetime;
  if (typeof deadline !== 'number') throw new Error('a lifetime is not a number');
  return Math.max(0, deadline / 1_000_000 - uptime);
}
