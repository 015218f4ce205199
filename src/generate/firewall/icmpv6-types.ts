/** ICMPv6 types that must pass (RFC 4890), as numbers: nftables and iptables call them by different names. */
export const icmpv6 = {
  /** Destination unreachable, packet too big, time exceeded, parameter problem: sections 4.3.1 and 4.4.1. */
  errors: [1, 2, 3, 4],
  echoRequest: 128,
  echoReply: 129,
  /** Router and neighbour solicitation and advertisement, inverse discovery, certification paths: section 4.4.1. */
  neighbourDiscovery: [133, 134, 135, 136, 141, 142, 148, 149],
  /** Multicast listener query, report, done, report of version 2: section 4.4.1. */
  multicastListeners: [130, 131, 132, 143],
  /** Multicast router advertisement, solicitation, termination: section 4.4.1. */
  multicastRouters: [151, 152, 153],
} as const;
