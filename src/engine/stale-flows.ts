import type { Ipv6Address } from '../core/ipv6.ts';
import { contains, overlap, prefixOf, type Prefix } from '../core/prefix.ts';

/** The addresses of conntrack entries in both directions; entries that differ in ports only are one. */
export interface FlowAddresses {
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
  /** Where replies come from and go to: differs from the two above where the flow is translated. */
  readonly replySource: Ipv6Address;
  readonly replyDestination: Ipv6Address;
}

/** Names stale flows exactly: everything of this source whose replies go to that address, towards this prefix. */
export interface StaleFlows {
  readonly source: Ipv6Address;
  readonly replyDestination: Ipv6Address;
  readonly towards?: Prefix;
}

/** 2000::/3, from which all global unicast addresses are given out so far (RFC 4291 section 2.4, IANA). */
const globalUnicast = prefixOf((1n << 125n) as Ipv6Address, 3);

/**
 * The flows of inside hosts that conntrack keeps on a wrong course: those that leave for the Internet untranslated,
 * and those whose outside address is ours (it kept the host part) but of a prefix no longer in force. Flows between
 * inside hosts, flows that somebody else translates, and those of `stateless` networks that conntrack sees untranslated are
 * not touched. Each answer stands once.
 */
export function findStaleFlows(
  flows: readonly FlowAddresses[],
  networks: readonly Prefix[],
  inForce: readonly Prefix[],
  stateless: readonly Prefix[] = [],
): StaleFlows[] {
  const found = new Map<string, StaleFlows>();
  for (const flow of flows) {
    const { source, replyDestination } = flow;
    if (!networks.some((prefix) => contains(prefix, source))) continue;
    if (replyDestination !== source) {
      if (isOurs(flow) && !inForce.some((prefix) => contains(prefix, replyDestination))) {
        found.set(`${source} ${replyDestination}`, { source, replyDestination });
      }
    } else if (leavesUntranslated(flow, networks) && !stateless.some((prefix) => contains(prefix, source))) {
      const towards = aroundOf(flow.destination, networks);
      found.set(`${source} ${towards.address}`, { source, replyDestination, towards });
    }
  }
  return [...found.values()];
}

function isOurs({ source, replyDestination }: FlowAddresses): boolean {
  const host = (1n << 64n) - 1n;
  return (source & host) === (replyDestination & host);
}

function leavesUntranslated({ destination, replySource }: FlowAddresses, networks: readonly Prefix[]): boolean {
  if (destination !== replySource || !contains(globalUnicast, destination)) return false;
  return !networks.some((prefix) => contains(prefix, destination));
}

/** All of the Internet at once, unless a network of ours has addresses out of it. */
function aroundOf(destination: Ipv6Address, networks: readonly Prefix[]): Prefix {
  return networks.some((prefix) => overlap(prefix, globalUnicast)) ? prefixOf(destination, 128) : globalUnicast;
}
