import { quote } from '../core/quote.ts';
import { ipv6FromWords } from '../core/ipv6.ts';
import { covers, formatPrefix, prefixOf, subnetCount } from '../core/prefix.ts';
import type { Network, PrefixSource, Translation, Uplink } from '../engine/config.ts';
import type { Findings } from './findings.ts';
import { formatPlaceFrom } from './place.ts';
import { refer } from './refer.ts';
import type { ResolvedNetwork } from './resolve-networks.ts';
import { resolvePinholes } from './resolve-pinholes.ts';
import type { ReadConfig, Resolved } from './resolve-uplinks.ts';
import { refuse, type Located } from './shape/shape.ts';

type ReadTranslation = NonNullable<ReadConfig['translate']>['value'][number];

export function resolveTranslations(
  items: readonly ReadTranslation[],
  networks: readonly ResolvedNetwork[],
  uplinks: readonly Resolved<Uplink>[],
  findings: Findings,
): Translation[] {
  const byUplink = new Map<string, { network: string; item: ReadTranslation }[]>();
  refuseStatelessChoice(items, findings);
  return items.flatMap((item) => {
    const read = item.value;
    const network = read.network && refer('network', read.network, networks, findings);
    const uplink = read.uplink && refer('uplink', read.uplink, uplinks, findings);
    if (network && uplink) {
      const before = byUplink.get(uplink.name.value) ?? [];
      refuseCollision(item, network.name.value, uplink.name.value, before, findings);
      byUplink.set(uplink.name.value, [...before, { network: network.name.value, item }]);
    }
    const inbound = read.inbound?.value ?? 'deny';
    const pinholes = resolvePinholes(read.allow?.value ?? [], network, networks, findings);
    if (inbound === 'allow' && read.allow && read.allow.value.length > 0) {
      const message = 'the pinholes change nothing, since "inbound: allow" lets everything in';
      refuse(findings.warn, read.allow, 'config-unusual', message, 'Take out "inbound: allow" or the pinholes.');
    }
    if (!network?.value || !uplink?.value) return [];
    if (read.mode?.value !== 'none') warnOfSmallDelegation(item, network.value, uplink.value, findings);
    const hairpin = read.hairpin?.value ?? true;
    const written = read.mode?.value ?? 'stateful';
    const native = written === 'none';
    if (native) judgeNative(item, network.value, uplink.value, findings);
    const offload = read.offload?.value ?? false;
    if (offload && written !== 'stateful') refuseOffload(read.offload!, written, findings);
    const subprefix = read.subprefix?.value;
    if (read.subprefix) judgeSubprefix(read.subprefix, network.value, uplink.value, findings);
    return [
      {
        network: network.value,
        uplink: uplink.value,
        ...(subprefix !== undefined && { subprefix }),
        mode: native ? 'stateful' : written,
        ...(native && { native }),
        hairpin,
        inbound,
        ...(offload && { offload }),
        pinholes,
      },
    ];
  });
}

function refuseCollision(
  item: ReadTranslation,
  network: string,
  uplink: string,
  before: readonly { network: string; item: ReadTranslation }[],
  findings: Findings,
): void {
  const same = before.find((other) => other.network === network);
  const other = same ?? before[0];
  if (!other) return;
  const where = formatPlaceFrom(item.place, other.item.place);
  if (same) {
    const message = `${quote(network)} is translated on ${quote(uplink)} already (${where})`;
    refuse(findings.refuse, item, 'config-duplicate', message, 'Leave only one of them.');
  } else {
    const message = `${quote(uplink)} carries ${quote(other.network)} already (${where}), and this version takes one network on an uplink`;
    refuse(findings.refuse, item, 'config-not-built', message, 'Make both one network, with the subnets of both.');
  }
}

/** Without state nothing tells the packets of one uplink's flows from those of another's. */
function refuseStatelessChoice(items: readonly ReadTranslation[], findings: Findings): void {
  for (const item of items) {
    const { mode, network } = item.value;
    const other = items.find((each) => each !== item && each.value.network?.value === network?.value);
    if (mode?.value !== 'rfc6296' || !network || !other) continue;
    const where = formatPlaceFrom(item.place, other.place);
    const message = `${quote(network.value)} has another uplink (${where}), and without state its flows could not stay on theirs`;
    refuse(findings.refuse, mode, 'config-not-built', message, 'Take out "mode: rfc6296", or one of the uplinks.');
  }
}

/** Only what conntrack has translated is handed over to the kernel's flowtable. */
function refuseOffload(at: Located<boolean>, mode: string, findings: Findings): void {
  const message = `with "mode: ${mode}" there are no translated connections that could be offloaded`;
  refuse(findings.refuse, at, 'config-value', message, 'Take "offload: true" out, or write "mode: stateful".');
}

/** What is not translated must be the uplink's own, as far as the configuration can tell. */
function judgeNative(item: ReadTranslation, network: Network, { name, source }: Uplink, findings: Findings): void {
  const at = item.value.mode!;
  if (covers(uniqueLocal, network.prefix)) {
    const message = `${formatPrefix(network.prefix)} is a unique local prefix, which no provider routes: it has to be translated on ${quote(name)}`;
    refuse(
      findings.refuse,
      at,
      'config-value',
      message,
      'Take "mode: none" out, or write the prefix that is routed to you.',
    );
  } else if (source.from === 'static' && !covers(source.prefix, network.prefix)) {
    const message = `${formatPrefix(network.prefix)} is not a part of ${formatPrefix(source.prefix)}, which is what ${quote(name)} has`;
    refuse(findings.refuse, at, 'config-value', message, 'Take "mode: none" out, or correct one of the prefixes.');
  }
}

const uniqueLocal = prefixOf(ipv6FromWords([0xfc00, 0, 0, 0, 0, 0, 0, 0]), 7);

function lengthOf(source: PrefixSource): number | undefined {
  if (source.from === 'static') return source.prefix.length;
  if (source.from === '6to4') return 48;
  return 'length' in source ? source.length : undefined;
}

/** What is asked for is only odd, since the provider may give more; what is fixed can never work. */
function judgeSubprefix(at: Located<number>, { prefix }: Network, { name, source }: Uplink, findings: Findings): void {
  const length = lengthOf(source);
  if (length === undefined) return;
  const parts = subnetCount({ address: prefix.address, length }, prefix.length) || 1n;
  if (BigInt(at.value) < parts) return;
  const fixed = source.from === 'static' || source.from === '6to4';
  const message = `a /${length} on ${quote(name)} has ${parts === 1n ? 'one part' : `${parts} parts`} of /${prefix.length}, counted from 0`;
  const mend = `Write ${parts === 1n ? '0, or take it out' : `a number from 0 to ${parts - 1n}`}.`;
  if (fixed) refuse(findings.refuse, at, 'config-value', message, mend);
  else refuse(findings.warn, at, 'config-unusual', message, mend);
}

function warnOfSmallDelegation(item: ReadTranslation, network: Network, uplink: Uplink, findings: Findings): void {
  const { source } = uplink;
  const length = lengthOf(source);
  if (length === undefined) return;
  const room = subnetCount({ address: network.prefix.address, length }, 64);
  if (room >= BigInt(network.subnets.length)) return;
  const message = `a /${length} on ${quote(uplink.name)} has room for ${room} of the ${network.subnets.length} subnets of ${quote(network.name)}: the first in their order`;
  refuse(
    findings.warn,
    item,
    'config-unusual',
    message,
    'Ask for a shorter prefix, or order the subnets by their importance.',
  );
}
