import { quote } from '../core/quote.ts';
import { ipv6FromBigInt } from '../core/ipv6.ts';
import type { Pinhole } from '../engine/config.ts';
import type { Findings } from './findings.ts';
import { nearest } from './nearest.ts';
import { mergePortRanges } from './port-range.ts';
import type { PinholeHost } from './pinhole-host.ts';
import type { ResolvedNetwork } from './resolve-networks.ts';
import type { ReadConfig } from './resolve-uplinks.ts';
import { refuse, type Located } from './shape/shape.ts';

type ReadTranslation = NonNullable<ReadConfig['translate']>['value'][number]['value'];
type ReadPinhole = NonNullable<ReadTranslation['allow']>['value'][number];

/** Every host stands once in the result, with its ports merged. `network` is undefined where it was refused. */
export function resolvePinholes(
  items: readonly ReadPinhole[],
  network: ResolvedNetwork | undefined,
  networks: readonly ResolvedNetwork[],
  findings: Findings,
): readonly Pinhole[] {
  const byHost = new Map<bigint, Pinhole>();
  for (const item of items) {
    const { to, tcp, udp, icmp } = item.value;
    if (!to || !network || !knowsSubnet(to, network, networks, findings)) continue;
    const subnet = network.value?.subnets.find(({ name }) => name === to.value.subnet);
    if (!subnet) continue;
    const address = ipv6FromBigInt(subnet.prefix.address | to.value.interfaceId);
    const before = byHost.get(address);
    const ports = (read: typeof tcp) => read?.value.map(({ value }) => value) ?? [];
    byHost.set(address, {
      to: address,
      tcp: mergePortRanges([...(before?.tcp ?? []), ...ports(tcp)]),
      udp: mergePortRanges([...(before?.udp ?? []), ...ports(udp)]),
      icmp: (before?.icmp ?? false) || (icmp?.value ?? false),
    });
  }
  return [...byHost.values()];
}

function knowsSubnet(
  to: Located<PinholeHost>,
  network: ResolvedNetwork,
  networks: readonly ResolvedNetwork[],
  findings: Findings,
): boolean {
  const { subnet } = to.value;
  if (network.subnets.includes(subnet)) return true;
  const elsewhere = networks.find((other) => other.subnets.includes(subnet));
  const near = nearest(subnet, network.subnets);
  const mend = elsewhere
    ? `Put the pinhole into the translation of ${quote(elsewhere.name.value)}, which has that subnet.`
    : near === undefined
      ? `Write one of: ${network.subnets.join(', ')}.`
      : `Write ${near}.`;
  refuse(findings.refuse, to, 'config-reference', `${quote(network.name.value)} has no subnet ${quote(subnet)}`, mend);
  return false;
}
