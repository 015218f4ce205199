/** What of guests is in the kernel of Dom0, all of it by interface name. */
export interface ObservedGuests {
  /** `DEVICE ADDRESS/LENGTH`. */
  readonly addresses: ReadonlySet<string>;
  /** As `formatObservedRoute` makes them. */
  readonly routes: ReadonlySet<string>;
  /** `DEVICE ADDRESS`. */
  readonly proxies: ReadonlySet<string>;
  /** Interfaces on the list of the filter; undefined where the filter is not there, or not as it should be. */
  readonly filtered: ReadonlySet<string> | undefined;
  /** Packets that the filter dropped. */
  readonly dropped: { readonly forged: number; readonly posed: number };
}

export function formatObservedRoute(device: string, prefix: string, via: string | undefined): string {
  return `${device} ${prefix}${via === undefined ? '' : ` via ${via}`}`;
}
