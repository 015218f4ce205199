import type { Vif } from './vif.ts';

/** What an interface is given: the wanted state, and as a file the record of what offline has to undo. */
export interface VifState {
  readonly vif: Vif;
  /** The key of its entry in the configuration; undefined for a guest that has none. */
  readonly entry?: string;
  readonly filtered: boolean;
  /** Dom0's addresses on it with their length, as `ip` takes them. */
  readonly addresses: readonly string[];
  readonly routes: readonly VifRoute[];
  /** These outlive the interface. */
  readonly proxies: readonly VifProxy[];
  /** Prefixes that radvd advertises on it; none where it does not. */
  readonly advertised: readonly string[];
  readonly dns: readonly string[];
  /** Why it has not got what the configuration says. */
  readonly problem?: string;
}

export interface VifRoute {
  readonly prefix: string;
  readonly via?: string;
}

/** Dom0 answers for the address on that device. */
export interface VifProxy {
  readonly address: string;
  readonly device: string;
}

/**
 * While an emulated card is there, it and not the vif is what the guest uses: it ends when a driver takes over, and the
 * weaker route over the vif is there already.
 */
export function routeMetric({ kind }: Vif): number {
  return kind === 'tap' ? 1023 : 1024;
}

/** Whether both give the same, to whomever. */
export function isSameState(one: VifState, other: VifState): boolean {
  const given = ({ filtered, addresses, routes, proxies, advertised, dns }: VifState): string =>
    JSON.stringify([
      filtered,
      addresses,
      routes.map(({ prefix, via }) => [prefix, via ?? '']),
      proxies.map(formatProxy),
      advertised,
      dns,
    ]);
  return given(one) === given(other);
}

function formatProxy({ address, device }: VifProxy): string {
  return `${address} ${device}`;
}
