import { parsePrefix, type Prefix } from './prefix.ts';

export type AddressKind =
  | 'unspecified'
  | 'loopback'
  | 'ipv4-mapped'
  | 'ipv4-compatible'
  | 'nat64'
  | 'nat64-local'
  | 'discard'
  | 'dummy'
  | 'ietf-protocol'
  | 'teredo'
  | 'anycast-service'
  | 'benchmarking'
  | 'multicast-relay'
  | 'as112'
  | 'orchid'
  | 'remote-id'
  | 'documentation'
  | '6to4'
  | 'srv6-sid'
  | 'unique-local'
  | 'link-local'
  | 'site-local'
  | 'multicast'
  | 'global-unicast'
  | 'unassigned';

/** A block of addresses with a meaning of its own. */
export interface AddressRange {
  readonly kind: AddressKind;
  /** For people. */
  readonly name: string;
  readonly prefix: Prefix;
  /** Where the block is defined. */
  readonly rfc: string;
  /** Whether packets to it can cross the Internet; null where it depends on the address. */
  readonly reachable: boolean | null;
}

function range(
  text: string,
  kind: AddressKind,
  name: string,
  rfc: string,
  reachable: boolean | null = false,
): AddressRange {
  const prefix = parsePrefix(text);
  if (!prefix.ok) throw new RangeError(prefix.problem.message);
  return { kind, name, prefix: prefix.value, rfc, reachable };
}

/**
 * The IANA registries of special-purpose addresses and of the address space, as of 2025. Blocks lie within others: the
 * longest that covers an address says what it is; ::/0 covers all.
 */
export const addressRanges: readonly AddressRange[] = [
  range('::/0', 'unassigned', 'unassigned', 'RFC 4291'),
  range('::/128', 'unspecified', 'unspecified', 'RFC 4291'),
  range('::1/128', 'loopback', 'loopback', 'RFC 4291'),
  range('::/96', 'ipv4-compatible', 'IPv4-compatible (deprecated)', 'RFC 4291'),
  range('::ffff:0:0/96', 'ipv4-mapped', 'IPv4-mapped', 'RFC 4291'),
  range('64:ff9b::/96', 'nat64', 'NAT64', 'RFC 6052', true),
  range('64:ff9b:1::/48', 'nat64-local', 'NAT64 for local use', 'RFC 8215'),
  range('100::/64', 'discard', 'discard only', 'RFC 6666'),
  range('100:0:0:1::/64', 'dummy', 'dummy prefix', 'RFC 9780'),
  range('2000::/3', 'global-unicast', 'global unicast', 'RFC 4291', true),
  range('2001::/23', 'ietf-protocol', 'IETF protocols', 'RFC 2928'),
  range('2001::/32', 'teredo', 'Teredo', 'RFC 4380', null),
  range('2001:1::1/128', 'anycast-service', 'port control protocol anycast', 'RFC 7723', true),
  range('2001:1::2/128', 'anycast-service', 'TURN anycast', 'RFC 8155', true),
  range('2001:1::3/128', 'anycast-service', 'DNS-SD registration anycast', 'RFC 9665', true),
  range('2001:2::/48', 'benchmarking', 'benchmarking', 'RFC 5180'),
  range('2001:3::/32', 'multicast-relay', 'automatic multicast tunneling', 'RFC 7450', true),
  range('2001:4:112::/48', 'as112', 'AS112', 'RFC 7535', true),
  range('2001:10::/28', 'orchid', 'ORCHID (deprecated)', 'RFC 4843'),
  range('2001:20::/28', 'orchid', 'ORCHIDv2', 'RFC 7343', true),
  range('2001:30::/28', 'remote-id', 'drone remote ID', 'RFC 9374', true),
  range('2001:db8::/32', 'documentation', 'documentation', 'RFC 3849'),
  range('2002::/16', '6to4', '6to4', 'RFC 3056', null),
  range('2620:4f:8000::/48', 'as112', 'AS112', 'RFC 7534', true),
  range('3fff::/20', 'documentation', 'documentation', 'RFC 9637'),
  range('5f00::/16', 'srv6-sid', 'segment routing SIDs', 'RFC 9602'),
  range('fc00::/7', 'unique-local', 'unique local', 'RFC 4193'),
  range('fe80::/10', 'link-local', 'link-local', 'RFC 4291'),
  range('fec0::/10', 'site-local', 'site-local (deprecated)', 'RFC 3879'),
  range('ff00::/8', 'multicast', 'multicast', 'RFC 4291', null),
];
