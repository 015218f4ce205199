import { formatMac } from '../core/mac-address.ts';
import type { VifState } from '../engine/xen/vif-state.ts';
import type { Vif } from '../engine/xen/vif.ts';

/** An interface as plain values. */
export function describeIdentity({ domid, devid, kind, device, name, uuid, mac }: Vif): object {
  return {
    domid,
    devid,
    kind,
    device,
    name: name ?? null,
    uuid: uuid ?? null,
    mac: mac === undefined ? null : formatMac(mac),
  };
}

/** What an interface has, as plain values. */
export function describeState({ vif, entry, filtered, addresses, routes, proxies, advertised }: VifState): object {
  return {
    ...describeIdentity(vif),
    entry: entry ?? null,
    filtered,
    addresses,
    routes: routes.map(({ prefix, via }) => ({ prefix, via: via ?? null })),
    proxies,
    advertised,
  };
}
