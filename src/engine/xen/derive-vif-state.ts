import { formatIpv6, ipv6FromBigInt } from '../../core/ipv6.ts';
import { isLinkLocal, linkLocalOfMac } from '../../core/link-local.ts';
import { contains, formatPrefix, type Prefix } from '../../core/prefix.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { judgeStoreAddresses } from './addresses-in-store.ts';
import { formatGuestKey, matchGuest } from './match-guest.ts';
import type { GuestInterface, XenConfig } from './xen-config.ts';
import { describeVif, type Vif } from './vif.ts';
import type { VifRoute, VifState } from './vif-state.ts';

const usualGateway = ipv6FromBigInt((0xfe80n << 112n) | 1n);

/** Nothing but the filter: for guests that are not listed, and where the configuration cannot be had. */
export function filterOnly(vif: Vif): VifState {
  return { vif, filtered: true, addresses: [], routes: [], proxies: [], advertised: [], dns: [] };
}

/** Like an entry with nothing in it, for a guest that has all it needs in `ip=`. */
const unlisted: GuestInterface = {
  device: 0,
  prefixes: [],
  addresses: [],
  gateway: usualGateway,
  routed: [],
  proxyNdp: false,
  advertise: false,
  antiSpoof: true,
};

/** What an interface should have; undefined where it is none of our business. */
export function deriveVifState(config: XenConfig, vif: Vif): Result<VifState | undefined> {
  const match = matchGuest(config, vif);
  const inStore = judgeStoreAddresses(config, vif, vif.given ?? []);
  if (!inStore.ok) return inStore;
  if (!match?.interface && inStore.value.length === 0) {
    return succeed(config.unlisted === 'filter' ? filterOnly(vif) : undefined);
  }
  const of = match?.interface ?? unlisted;
  const routes = deriveRoutes(of, inStore.value, vif);
  if (!routes.ok) return routes;
  return succeed({
    vif,
    entry: match?.interface ? formatGuestKey(match.guest.key) : 'ip=',
    filtered: of.antiSpoof,
    addresses: deriveAddresses(config, of),
    routes: routes.value,
    proxies:
      of.proxyNdp && config.uplink !== undefined
        ? of.addresses.map((address) => ({ address: formatIpv6(address), device: config.uplink! }))
        : [],
    advertised: of.advertise ? of.prefixes.filter(({ length }) => length === 64).map(formatPrefix) : [],
    dns: of.advertise ? config.dns.map(formatIpv6) : [],
  });
}

function deriveAddresses({ address }: XenConfig, { gateway, prefixes }: GuestInterface): string[] {
  if (isLinkLocal(gateway)) return [`${formatIpv6(gateway)}/64`, ...(address === undefined ? [] : [own(address)])];
  const length = Math.max(...prefixes.filter((prefix) => contains(prefix, gateway)).map((prefix) => prefix.length));
  return [
    `${formatIpv6(usualGateway)}/64`,
    `${formatIpv6(gateway)}/${length}`,
    ...(address === undefined ? [] : [own(address)]),
  ];
}

const own = (address: NonNullable<XenConfig['address']>): string => `${formatIpv6(address)}/128`;

function deriveRoutes(
  { prefixes, addresses, routed, via }: GuestInterface,
  given: readonly Prefix[],
  vif: Vif,
): Result<VifRoute[]> {
  const direct = [
    ...given.map((prefix) => ({ prefix: formatPrefix(prefix) })),
    ...prefixes.map((prefix) => ({ prefix: formatPrefix(prefix) })),
    ...addresses.map((address) => ({ prefix: own(address) })),
  ];
  if (routed.length === 0) return succeed(direct);
  const nextHop = via ?? (vif.mac === undefined ? undefined : linkLocalOfMac(vif.mac));
  if (nextHop === undefined) {
    return fail({
      code: 'xen-no-mac',
      message: `${describeVif(vif)} has no MAC address in xenstore, so nothing can be routed to its link-local address`,
      mend: 'Write "via" with the link-local address of the guest.',
    });
  }
  return succeed([...direct, ...routed.map((prefix) => ({ prefix: formatPrefix(prefix), via: formatIpv6(nextHop) }))]);
}
