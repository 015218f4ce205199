import { quote } from '../core/quote.ts';
import { covers, equalPrefixes, formatPrefix, overlap, type Prefix } from '../core/prefix.ts';
import type { Network } from '../engine/config.ts';
import type { Findings } from './findings.ts';
import { formatPlaceFrom } from './place.ts';
import { refuse, type Located } from './shape/shape.ts';

/** That a prefix (an address as /128) belongs to somebody. */
export interface Claim {
  /** For messages: "mydomu1, interface 0". */
  readonly owner: string;
  readonly prefix: Prefix;
  readonly at: Located<unknown>;
  /** The network that it was taken from by name. */
  readonly of?: string;
}

/**
 * | two claims                       | of one interface | of two      |
 * | -------------------------------- | ---------------- | ----------- |
 * | equal                            | refused          | refused     |
 * | an address within a prefix       | odd              | refused     |
 * | a prefix within another          | in order         | refused     |
 */
export function refuseGuestOverlaps(claims: readonly Claim[], networks: readonly Network[], findings: Findings): void {
  // In this order what covers others stands before them.
  const sorted = claims
    .map((claim, order) => ({ ...claim, order }))
    .sort((one, other) => {
      const [a, b] = [one.prefix.address, other.prefix.address];
      return a === b ? one.prefix.length - other.prefix.length || one.order - other.order : a < b ? -1 : 1;
    });
  const open: (typeof sorted)[number][] = [];
  for (const claim of sorted) {
    while (open.length > 0 && !covers(open.at(-1)!.prefix, claim.prefix)) open.pop();
    const outer = open.at(-1);
    if (outer) judgePair(outer, claim, findings);
    open.push(claim);
  }
  for (const claim of claims) if (claim.of === undefined) refuseInNetworks(claim, networks, findings);
}

function judgePair(outer: Claim & { order: number }, inner: Claim & { order: number }, findings: Findings): void {
  const [first, later] = outer.order < inner.order ? [outer, inner] : [inner, outer];
  const where = formatPlaceFrom(later.at.place, first.at.place);
  if (outer.owner !== inner.owner) {
    const message = `${formatPrefix(later.prefix)} overlaps ${formatPrefix(first.prefix)} of ${first.owner} (${where})`;
    refuse(findings.refuse, later.at, 'config-overlap', message, 'Give one of them another.');
  } else if (equalPrefixes(outer.prefix, inner.prefix)) {
    const message = `${formatPrefix(later.prefix)} stands here already (${where})`;
    refuse(findings.refuse, later.at, 'config-duplicate', message, 'Leave only one of them.');
  } else if (inner.prefix.length === 128) {
    const message = `it is in ${formatPrefix(outer.prefix)} of the same interface (${formatPlaceFrom(inner.at.place, outer.at.place)}) already`;
    refuse(findings.warn, inner.at, 'config-unusual', message, 'Take it out, unless proxy NDP is to answer for it.');
  }
}

/** A part of a network belongs to a guest only where no interface of this host has it. */
function refuseInNetworks({ prefix, at, owner }: Claim, networks: readonly Network[], findings: Findings): void {
  const network = networks.find((each) => overlap(each.prefix, prefix));
  // Dom0's own address may well be one that it has on a subnet.
  if (!network || owner === 'Dom0') return;
  const subnet = network.subnets.find((each) => overlap(each.prefix, prefix));
  if (subnet && subnet.interface === undefined && covers(subnet.prefix, prefix)) return;
  const whose = subnet
    ? `subnet ${quote(subnet.name)} of network ${quote(network.name)}${subnet.interface === undefined ? '' : ` on ${subnet.interface}`}`
    : `network ${quote(network.name)}, and in none of its subnets`;
  const message = `${formatPrefix(prefix)} is in ${formatPrefix(subnet?.prefix ?? network.prefix)}, ${whose}`;
  const mend = `Add a subnet without interface to ${quote(network.name)} and write { network: ${network.name}, subnet: NAME }.`;
  refuse(findings.refuse, at, 'config-overlap', message, mend);
}
