import { quote } from '../core/quote.ts';
import { covers, formatPrefix, subnetAt, subnetCount, type Prefix } from '../core/prefix.ts';
import type { Network, Subnet } from '../engine/config.ts';
import { reportUnsuitable, type Findings } from './findings.ts';
import { formatPlaceFrom } from './place.ts';
import type { ReadConfig, Resolved } from './resolve-uplinks.ts';
import { refuse, type Located } from './shape/shape.ts';
import { judgeInsidePrefix } from './suitable-prefix.ts';

type NetworkEntry = NonNullable<ReadConfig['networks']>['value'][number];
type SubnetEntry = NonNullable<NonNullable<NetworkEntry['body']>['value']['subnets']>['value'][number];

export interface ResolvedNetwork extends Resolved<Network> {
  /** All that were named, also those that were refused. */
  readonly subnets: readonly string[];
}

/** `native`: the names of networks whose prefix is an uplink's own, so that nothing is odd about it. */
export function resolveNetworks(
  entries: readonly NetworkEntry[],
  native: readonly string[],
  findings: Findings,
): readonly ResolvedNetwork[] {
  refuseOverlaps(entries, findings);
  const interfaces = new Map<string, SubnetEntry>();
  return entries.map(({ name, body }) => {
    const read = body?.value.prefix;
    const unsuitable = read && judgeInsidePrefix(read);
    const told = unsuitable?.severity === 'odd' && native.includes(name.value) ? undefined : unsuitable;
    const prefix = read && reportUnsuitable(findings, read, told) ? read.value : undefined;
    const subnetEntries = body?.value.subnets?.value ?? [];
    if (body?.value.subnets && subnetEntries.length === 0) {
      const message = 'a network without subnets: nothing of it would be translated';
      refuse(
        findings.refuse,
        body.value.subnets,
        'config-value',
        message,
        'Add at least one subnet, as in lan: { id: 0, interface: eth1 }.',
      );
    }
    refuseSharedInterfaces(subnetEntries, interfaces, findings);
    const subnets = resolveSubnets(subnetEntries, prefix, findings);
    const prefer = body?.value.prefer;
    const advertise = resolveAdvertise(body?.value.advertise, subnets, findings);
    return {
      name,
      subnets: subnetEntries.map((subnet) => subnet.name.value),
      value: prefix && {
        name: name.value,
        prefix,
        subnets,
        ...(advertise && { advertise }),
        ...(prefer && { prefer: prefer.value.map(({ value }) => value) }),
      },
    };
  });
}

function resolveAdvertise(
  read: NonNullable<NetworkEntry['body']>['value']['advertise'],
  subnets: readonly Subnet[],
  findings: Findings,
): Network['advertise'] {
  if (!read) return undefined;
  if (subnets.length > 0 && subnets.every((subnet) => subnet.interface === undefined)) {
    const message = 'no subnet of this network has an interface to advertise it on';
    const mend = 'Give a subnet its interface, or take "advertise" out.';
    refuse(findings.refuse, read, 'config-value', message, mend);
  }
  return { dns: (read.value.dns?.value ?? []).map(({ value }) => value) };
}

function resolveSubnets(entries: readonly SubnetEntry[], network: Prefix | undefined, findings: Findings): Subnet[] {
  const taken = new Map<number, SubnetEntry>();
  return entries.flatMap((entry) => {
    const id = entry.body?.value.id;
    if (!id) return [];
    const other = taken.get(id.value);
    if (other) {
      const message = `subnet ${quote(other.name.value)} (${formatPlaceFrom(id.place, other.name.place)}) has the ID ${id.value} already`;
      refuse(findings.refuse, id, 'config-duplicate', message, 'Give every subnet an ID of its own.');
    } else taken.set(id.value, entry);
    const prefix = network && subnetAt(network, BigInt(id.value));
    if (network && !prefix) {
      const last = subnetCount(network, 64) - 1n;
      const message = `the subnet ID ${id.value} does not fit into ${formatPrefix(network)}`;
      refuse(
        findings.refuse,
        id,
        'config-value',
        message,
        last === 0n ? 'Write 0: a /64 is one subnet.' : `Write an ID from 0 to ${last}.`,
      );
    }
    if (!prefix) return [];
    const name = entry.name.value;
    const at = entry.body?.value.interface;
    return [{ name, id: id.value, prefix, ...(at && { interface: at.value }) }];
  });
}

function refuseSharedInterfaces(
  entries: readonly SubnetEntry[],
  taken: Map<string, SubnetEntry>,
  findings: Findings,
): void {
  for (const entry of entries) {
    const at = entry.body?.value.interface;
    if (!at) continue;
    const other = taken.get(at.value);
    if (other) {
      const message = `subnet ${quote(other.name.value)} (${formatPlaceFrom(at.place, other.name.place)}) has the interface ${at.value} already`;
      refuse(findings.refuse, at, 'config-duplicate', message, 'Give every subnet an interface of its own.');
    } else taken.set(at.value, entry);
  }
}

/** Two prefixes are apart or one holds the other, so in sorted order only the last outermost one can hold the next. */
function refuseOverlaps(entries: readonly NetworkEntry[], findings: Findings): void {
  const prefixes = entries.flatMap((entry, order) => {
    const prefix = entry.body?.value.prefix;
    return prefix ? [{ order, name: entry.name.value, prefix }] : [];
  });
  const sorted = prefixes.sort((one, other) => {
    const [a, b] = [one.prefix.value.address, other.prefix.value.address];
    return a === b ? one.prefix.value.length - other.prefix.value.length || one.order - other.order : a < b ? -1 : 1;
  });
  let outer = sorted[0];
  for (const current of sorted.slice(1)) {
    if (!outer || !covers(outer.prefix.value, current.prefix.value)) {
      outer = current;
      continue;
    }
    const [first, later] = outer.order < current.order ? [outer, current] : [current, outer];
    const message = `${formatPrefix(later.prefix.value)} overlaps ${formatPrefix(first.prefix.value)} of ${quote(first.name)} (${formatPlaceFrom(later.prefix.place, first.prefix.place)})`;
    refuse(
      findings.refuse,
      later.prefix,
      'config-overlap',
      message,
      'Give one of them another prefix; "sixgate ula" makes one.',
    );
  }
}

/** The inside prefixes that were read, for checks against the outside. */
export function insidePrefixes(entries: readonly NetworkEntry[]): readonly { name: string; prefix: Located<Prefix> }[] {
  return entries.flatMap(({ name, body }) =>
    body?.value.prefix ? [{ name: name.value, prefix: body.value.prefix }] : [],
  );
}
