import type { Network, Uplink } from '../engine/config.ts';
import { interfaceKinds } from './address-kinds.ts';
import type { XenConfig, XenGuest } from '../engine/xen/xen-config.ts';
import type { Findings } from './findings.ts';
import { guestKey, keyText } from './guest-key.ts';
import type { PrefixSources } from './guest-prefixes.ts';
import { formatPlaceFrom } from './place.ts';
import { refuseGuestOverlaps, type Claim } from './refuse-guest-overlaps.ts';
import { resolveGuestInterface, type ReadInterface } from './resolve-guest-interface.ts';
import type { ResolvedNetwork } from './resolve-networks.ts';
import type { ReadConfig, Resolved } from './resolve-uplinks.ts';
import { refuse, type Located } from './shape/shape.ts';

type ReadXen = NonNullable<ReadConfig['xen']>['value'];
type GuestEntry = NonNullable<ReadXen['guests']>['value'][number];

/** The part of a Xen host, held against itself and against the networks and uplinks. */
export function resolveXen(
  read: ReadXen,
  networks: readonly ResolvedNetwork[],
  uplinks: readonly Resolved<Uplink>[],
  findings: Findings,
): XenConfig {
  const sources: PrefixSources = { networks, uplinks, block: read.block?.value, findings };
  const claims: Claim[] = [];
  const guests = resolveGuests(read, sources, claims);
  const address = read.address && interfaceKinds.global(read.address, findings) ? read.address : undefined;
  if (address) {
    claims.push({ owner: 'Dom0', prefix: { address: address.value, length: 128 }, at: address });
  }
  refuseGuestOverlaps(
    claims,
    networks.flatMap(({ value }): Network[] => (value ? [value] : [])),
    findings,
  );
  return {
    policy: read.policy?.value ?? 'warn',
    unlisted: read.unlisted?.value ?? 'filter',
    ...(read.uplink && { uplink: read.uplink.value }),
    ...(address && { address: address.value }),
    dns: read.dns?.value.map(({ value }) => value) ?? [],
    guests,
  };
}

function resolveGuests(read: ReadXen, sources: PrefixSources, claims: Claim[]): XenGuest[] {
  const taken = new Map<string, GuestEntry>();
  return (read.guests?.value ?? []).flatMap((entry) => {
    const key = guestKey(entry.name, sources.findings);
    if (!key) return [];
    const other = taken.get(keyText(key));
    if (other) {
      const message = `this guest stands here already (${formatPlaceFrom(entry.name.place, other.name.place)})`;
      refuse(sources.findings.refuse, entry.name, 'config-duplicate', message, 'Make both one entry.');
    } else taken.set(keyText(key), entry);
    const { body } = entry;
    if (!body) return [];
    const resolve = (device: number, of: Located<ReadInterface>) =>
      resolveGuestInterface(
        of,
        device,
        { guest: entry.name.value, proxies: read.uplink !== undefined },
        sources,
        claims,
      );
    const { vifs } = body.value;
    if (vifs && key.by === 'mac') {
      const mend = 'Write its prefixes and addresses directly below it.';
      refuse(sources.findings.refuse, vifs, 'config-value', 'a MAC address is that of one interface', mend);
      return [];
    }
    const short = givesSomething(body.value);
    const zero = short && vifs?.value.find(({ name }) => name.value === '0');
    if (zero) {
      const message = `what stands directly below ${entry.name.value} is its interface 0 already`;
      refuse(sources.findings.refuse, zero.name, 'config-duplicate', message, 'Write it in one of both places.');
    }
    const interfaces = [
      ...(short ? [resolve(0, body)] : []),
      ...(vifs?.value ?? []).flatMap((vif) => (vif.body ? [resolve(Number(vif.name.value), vif.body)] : [])),
    ];
    return [{ key, interfaces: interfaces.sort((one, later) => one.device - later.device) }];
  });
}

function givesSomething(body: NonNullable<GuestEntry['body']>['value']): boolean {
  return Object.entries(body).some(([key, field]) => key !== 'vifs' && field !== undefined);
}

/** The uplinks that guests have a part of. */
export function dividedUplinks(read: ReadXen): string[] {
  const interfaces = (read.guests?.value ?? []).flatMap(({ body }) => [
    body?.value,
    ...(body?.value.vifs?.value ?? []).map((vif) => vif.body?.value),
  ]);
  return interfaces.flatMap((of) =>
    [...(of?.prefixes?.value ?? []), ...(of?.routed?.value ?? [])].flatMap(({ value }) =>
      value.kind === 'carved' ? [value.uplink.value] : [],
    ),
  );
}
