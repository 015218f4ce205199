import type { Ipv6Address } from '../core/ipv6.ts';
import { contains, type Prefix } from '../core/prefix.ts';

/** A conntrack entry as its two directions (RFC 4787 calls them the internal and the external side). */
export interface Flow {
  readonly protocol: string;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
  /** Where replies come from and go to: differs from the two above where the flow is translated. */
  readonly replySource: Ipv6Address;
  readonly replyDestination: Ipv6Address;
  /** What else names the entry, such as ports; as conntrack's own options. */
  readonly options: readonly string[];
}

/**
 * The flows of inside hosts that conntrack keeps on a wrong course: those that leave for the Internet untranslated,
 * and those whose outside address is ours (it kept the host part) but of a prefix no longer in force. Flows between
 * inside hosts and flows that somebody else translates are not touched.
 */
export function findStaleFlows(
  flows: readonly Flow[],
  networks: readonly Prefix[],
  inForce: readonly Prefix[],
): Flow[] {
  return flows.filter((flow) => {
    const network = networks.find((prefix) => contains(prefix, flow.source));
    if (!network) return false;
    if (flow.replyDestination === flow.source)
      return isGlobal(flow.destination) && flow.destination === flow.replySource;
    if (inForce.some((prefix) => contains(prefix, flow.replyDestination))) return false;
    const kept = (1n << 64n) - 1n;
    return (flow.source & kept) === (flow.replyDestination & kept);
  });
}

/** 2000::/3, from which all global unicast addresses are given out so far (RFC 4291 section 2.4, IANA). */
function isGlobal(address: Ipv6Address): boolean {
  return address >> 125n === 1n;
}
