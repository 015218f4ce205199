import { formatPrefix, parsePrefix } from '../../core/prefix.ts';

/** A route as `ip -N -6 -j route` prints it, as far as it is read here. */
export interface PrintedRoute {
  readonly type?: string;
  readonly dst: string;
  readonly dev?: string;
  readonly gateway?: string;
  readonly table?: string;
  readonly protocol?: string;
  readonly metric?: number;
  readonly prefsrc?: string;
  readonly pref?: string;
  readonly expires?: number;
  readonly flags?: readonly string[];
  readonly metrics?: readonly { readonly mtu?: number }[];
  readonly nexthops?: readonly {
    readonly gateway?: string;
    readonly dev?: string;
    readonly flags?: readonly string[];
  }[];
}

/** With `-N` iproute2 prints types as the kernel numbers them. */
export function isUnreachable({ type }: PrintedRoute): boolean {
  return type === 'unreachable' || type === '7';
}

export function isUnicast({ type }: PrintedRoute): boolean {
  return type === undefined || type === 'unicast' || type === '1';
}

/** `default` or a canonical prefix. */
export function readDestination({ dst }: PrintedRoute): string {
  if (dst === 'default') return dst;
  const prefix = parsePrefix(dst.includes('/') ? dst : `${dst}/128`);
  if (!prefix.ok) throw new Error(prefix.problem.message);
  return formatPrefix(prefix.value);
}

/** A unicast route as `ip route` takes it, without table, protocol and metric. */
export function describeRoute(route: PrintedRoute): string {
  const { gateway, dev, prefsrc, pref, flags, metrics } = route;
  const mtu = metrics?.find((each) => each.mtu !== undefined)?.mtu;
  return [
    readDestination(route),
    ...(gateway === undefined ? [] : [`via ${gateway}`]),
    `dev ${dev}`,
    ...(prefsrc === undefined ? [] : [`src ${prefsrc}`]),
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ...(pref === undefined || pref === 'medium' ? [] : [`pref ${pref}`]),
    ...(flags?.includes('onlink') ? ['onlink'] : []),
  ].join(' ');
}
