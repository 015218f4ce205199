import { quote } from '../core/quote.ts';
import { formatPrefix, covers, subnetAt, subnetCount, type Prefix } from '../core/prefix.ts';
import { sixToFourPrefix } from '../core/sixtofour.ts';
import type { PrefixSource, Uplink } from '../engine/config.ts';
import { reportUnsuitable, type Findings } from './findings.ts';
import type { GuestPrefixText } from './guest-prefix-shape.ts';
import { refer } from './refer.ts';
import type { ResolvedNetwork } from './resolve-networks.ts';
import type { Resolved } from './resolve-uplinks.ts';
import { refuse, type Located } from './shape/shape.ts';
import { judgeGuestPrefix } from './suitable-prefix.ts';

/** What a guest's prefix can refer to, or has to be in. */
export interface PrefixSources {
  readonly networks: readonly ResolvedNetwork[];
  readonly uplinks: readonly Resolved<Uplink>[];
  readonly block: Prefix | undefined;
  readonly findings: Findings;
}

/** A prefix with where it comes from: one that is referred to needs no check against what it was taken from. */
export interface GuestPrefix {
  readonly prefix: Prefix;
  readonly at: Located<unknown>;
  /** The network that it is a subnet of. */
  readonly of?: string;
}

/** Undefined, and reported, where it cannot be had. */
export function resolveGuestPrefix(read: Located<GuestPrefixText>, sources: PrefixSources): GuestPrefix | undefined {
  const { value } = read;
  if (value.kind === 'prefix') return resolveWritten({ ...read, value: value.prefix }, sources);
  return value.kind === 'subnet' ? resolveSubnet(read, value, sources) : resolveCarved(read, value, sources);
}

function resolveWritten(read: Located<Prefix>, { block, findings }: PrefixSources): GuestPrefix | undefined {
  if (!reportUnsuitable(findings, read, judgeGuestPrefix(read))) return undefined;
  if (!isInBlock(read, read.value, block, findings)) return undefined;
  return { prefix: read.value, at: read };
}

/** Reports what is not in the block that is routed to this host. */
export function isInBlock(
  at: Located<unknown>,
  prefix: Prefix,
  block: Prefix | undefined,
  findings: Findings,
): boolean {
  if (!block || covers(block, prefix)) return true;
  const message = `${formatPrefix(prefix)} is not in the block ${formatPrefix(block)}, so nothing for it arrives here`;
  refuse(findings.refuse, at, 'config-prefix', message, 'Take one from the block, or correct xen.block.');
  return false;
}

function resolveSubnet(
  read: Located<unknown>,
  { network, subnet }: Extract<GuestPrefixText, { kind: 'subnet' }>,
  { networks, findings }: PrefixSources,
): GuestPrefix | undefined {
  const of = refer('network', network, networks, findings);
  if (!of) return undefined;
  const named = of.subnets.map((each) => ({ name: { ...subnet, value: each } }));
  if (!refer('subnet', subnet, named, findings)) return undefined;
  const found = of.value?.subnets.find(({ name }) => name === subnet.value);
  if (!found) return undefined;
  if (found.interface !== undefined) {
    const message = `subnet ${quote(subnet.value)} is on ${found.interface} and cannot be on the link of a guest as well`;
    return refuse(findings.refuse, read, 'config-overlap', message, 'Give the guest a subnet without interface.');
  }
  return { prefix: found.prefix, at: read, of: network.value };
}

function resolveCarved(
  read: Located<unknown>,
  { uplink, id }: Extract<GuestPrefixText, { kind: 'carved' }>,
  { uplinks, findings }: PrefixSources,
): GuestPrefix | undefined {
  const of = refer('uplink', uplink, uplinks, findings);
  if (!of?.value) return undefined;
  const outer = knownPrefix(of.value.source);
  if (!outer) {
    const message = `the prefix of uplink ${quote(uplink.value)} changes, and the guest would have to change with it`;
    const mend = 'Make a network with a subnet for the guest, translate it on that uplink, and name the subnet here.';
    return refuse(findings.refuse, read, 'config-value', message, mend);
  }
  const prefix = subnetAt(outer, BigInt(id.value));
  if (prefix) return { prefix, at: read };
  const last = subnetCount(outer, 64) - 1n;
  const message = `the subnet ID ${id.value} does not fit into ${formatPrefix(outer)}`;
  return refuse(findings.refuse, id, 'config-value', message, `Write an ID from 0 to ${last}.`);
}

/** The prefix of a source that never changes. */
function knownPrefix(source: PrefixSource): Prefix | undefined {
  if (source.from === 'static') return source.prefix;
  return source.from === '6to4' && 'ipv4' in source ? sixToFourPrefix(source.ipv4) : undefined;
}
