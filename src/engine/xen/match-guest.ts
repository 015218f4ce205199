import { formatMac } from '../../core/mac-address.ts';
import type { GuestInterface, GuestKey, XenConfig, XenGuest } from './xen-config.ts';
import type { Vif } from './vif.ts';

/** While a guest arrives by "xl migrate" its name ends in this (xl_migrate.c). */
const incoming = '--incoming';

/** What a guest's interface is given; `interface` is undefined where the guest is listed and this interface is not. */
export interface Match {
  readonly guest: XenGuest;
  readonly interface: GuestInterface | undefined;
}

/** The entry for an interface: by MAC address, else by UUID, else by exact name. */
export function matchGuest({ guests }: XenConfig, vif: Vif): Match | undefined {
  const byMac = guests.find(({ key }) => key.by === 'mac' && key.mac === vif.mac);
  if (byMac) return { guest: byMac, interface: byMac.interfaces[0] };
  const find = (by: 'uuid' | 'name', text: string | undefined): XenGuest | undefined =>
    guests.find(({ key }) => key.by === by && key.text === text);
  const guest = find('uuid', vif.uuid) ?? find('name', vif.name) ?? find('name', arriving(vif.name));
  return guest && { guest, interface: guest.interfaces.find(({ device }) => device === vif.devid) };
}

/** As a key of the configuration. */
export function formatGuestKey(key: GuestKey): string {
  return key.by === 'mac' ? formatMac(key.mac) : key.text;
}

function arriving(name: string | undefined): string | undefined {
  return name?.endsWith(incoming) ? name.slice(0, -incoming.length) : undefined;
}
