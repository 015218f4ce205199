import { formatIpv6, ipv6FromBigInt, type Ipv6Address } from '../core/ipv6.ts';
import { isLinkLocal } from '../core/link-local.ts';
import { contains, formatPrefix } from '../core/prefix.ts';
import type { GuestInterface } from '../engine/xen/xen-config.ts';
import { interfaceKinds } from './address-kinds.ts';
import { isInBlock, resolveGuestPrefix, type GuestPrefix, type PrefixSources } from './guest-prefixes.ts';
import { formatPlaceFrom } from './place.ts';
import type { Claim } from './refuse-guest-overlaps.ts';
import type { ReadConfig } from './resolve-uplinks.ts';
import { refuse, type Located } from './shape/shape.ts';

type GuestBody = NonNullable<
  NonNullable<NonNullable<NonNullable<ReadConfig['xen']>['value']['guests']>['value'][number]['body']>['value']
>;
export type ReadInterface = Omit<GuestBody, 'vifs'>;

const usualGateway = ipv6FromBigInt((0xfe80n << 112n) | 1n);

/** Reads one interface of a guest and puts what it claims on the list that is held against all others. */
export function resolveGuestInterface(
  { value: read, place, path }: Located<ReadInterface>,
  device: number,
  { guest, proxies }: { readonly guest: string; /** Whether xen.uplink is there. */ readonly proxies: boolean },
  sources: PrefixSources,
  claims: Claim[],
): GuestInterface {
  const { findings } = sources;
  const at: Located<unknown> = { value: undefined, place, path };
  const owner = `${guest}, interface ${device}`;
  const resolved = (field: ReadInterface['prefixes']): GuestPrefix[] =>
    (field?.value ?? []).flatMap((each) => resolveGuestPrefix(each, sources) ?? []);
  const [prefixes, routed] = [resolved(read.prefixes), resolved(read.routed)];
  const proxyNdp = read.proxyNdp?.value ?? false;
  const addresses = (read.addresses?.value ?? []).filter((address) => {
    if (!interfaceKinds.global(address, findings)) return false;
    // What proxy NDP answers for is on the provider's link, not in what is routed to this host.
    return proxyNdp || isInBlock(address, { address: address.value, length: 128 }, sources.block, findings);
  });
  for (const { prefix, at: where, of } of [...prefixes, ...routed]) {
    claims.push({ owner, prefix, at: where, ...(of !== undefined && { of }) });
  }
  for (const address of addresses) {
    claims.push({ owner, prefix: { address: address.value, length: 128 }, at: address });
  }
  if (proxyNdp) refuseUselessProxy(read, at, addresses.length, proxies, sources);
  if (read.advertise?.value === true && !prefixes.some(({ prefix }) => prefix.length === 64)) {
    const message = 'a guest makes itself addresses in a /64 only (RFC 4862 section 5.5.3), and there is none';
    refuse(findings.refuse, read.advertise, 'config-value', message, 'Add a /64 to prefixes, or take out advertise.');
  }
  if (read.via && interfaceKinds.linkLocal(read.via, findings) && routed.length === 0) {
    refuse(findings.warn, read.via, 'config-unusual', 'nothing is routed', 'Add routed, or take out via.');
  }
  const gateway = read.gateway?.value ?? usualGateway;
  refuseGateway(read, gateway, prefixes, addresses, sources);
  return {
    device,
    prefixes: prefixes.map(({ prefix }) => prefix),
    addresses: addresses.map(({ value }) => value),
    gateway,
    routed: routed.map(({ prefix }) => prefix),
    ...(read.via && { via: read.via.value }),
    proxyNdp,
    advertise: read.advertise?.value ?? false,
    antiSpoof: read.antiSpoof?.value ?? true,
  };
}

/** Answering for a whole prefix takes addresses from neighbours, for which providers switch servers off. */
function refuseUselessProxy(
  read: ReadInterface,
  at: Located<unknown>,
  addresses: number,
  proxies: boolean,
  { findings }: PrefixSources,
): void {
  const where = read.proxyNdp ?? at;
  if (addresses === 0) {
    const message = 'proxy NDP answers for single addresses, and there is none';
    refuse(findings.refuse, where, 'config-value', message, 'List the addresses of the guest under addresses.');
  }
  if (!proxies) {
    const message = 'proxy NDP answers on xen.uplink, which is missing';
    refuse(findings.refuse, where, 'config-key-missing', message, 'Add uplink with the interface to the provider.');
  }
}

function refuseGateway(
  read: ReadInterface,
  gateway: Ipv6Address,
  prefixes: readonly GuestPrefix[],
  addresses: readonly Located<Ipv6Address>[],
  { findings }: PrefixSources,
): void {
  for (const own of [...addresses, ...(read.via ? [read.via] : [])]) {
    if (own.value !== gateway) continue;
    const where = read.gateway ? ` (${formatPlaceFrom(own.place, read.gateway.place)})` : '';
    const message = `${formatIpv6(gateway)} is the gateway${where} and cannot be the guest's own address`;
    refuse(findings.refuse, own, 'config-duplicate', message, 'Give one of them another address.');
  }
  if (!read.gateway || isLinkLocal(gateway)) return;
  if (prefixes.some(({ prefix }) => prefix.length < 128 && contains(prefix, gateway))) return;
  const which = prefixes.map(({ prefix }) => formatPrefix(prefix)).join(', ');
  const message = `${formatIpv6(gateway)} is not on the link of the guest${which === '' ? ', which has no prefix' : `: ${which}`}`;
  const mend = 'Write an address in one of its prefixes, or leave it out for fe80::1.';
  refuse(findings.refuse, read.gateway, 'config-value', message, mend);
}
