import { subprefixOf } from '../core/carve.ts';
import type { Instant } from '../core/instant.ts';
import { ipv6FromWords } from '../core/ipv6.ts';
import { covers, equalPrefixes, formatPrefix, prefixOf, subnetAt, subnetCount, type Prefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import { rememberLast } from '../core/remember-last.ts';
import { carveDelegations, type CarvedPair } from './carve-delegation.ts';
import type { Config, Network, Translation } from './config.ts';
import type { Delegation } from './delegation.ts';
import { dropClaimed } from './drop-claimed.ts';
import { delegationRounds } from './delegation-rounds.ts';
import type { Lingering } from './lingering.ts';
import { joinMappings, type Mapping } from './mapping.ts';
import { createPrefixIndex, type PrefixIndex } from './prefix-index.ts';
import { deriveSteering, nothingSeen, type Sight, type Steering } from './steering.ts';
import { deriveOffload, type Offload } from './offload.ts';
import { uplinkProblems } from './uplink-problems.ts';

/** What should be in force, in the words of the domain; `backend` says how in the words of a tool. */
export interface Desired {
  readonly config: Config;
  readonly mappings: readonly Mapping[];
  /**
   * Prefixes that get an unreachable route: unique local addresses and networks (RFC 4193 section 4.3), delegations (RFC 7084 WPD-5), and for a
   * moment those that were one.
   */
  readonly unreachable: readonly Prefix[];
  /** Which way each network goes; undefined where there is no choice. */
  readonly steering?: Steering | undefined;
  /** Undefined where no flow passes by the rules. */
  readonly offload?: Offload | undefined;
  /** When this answer can be a different one without any news: a lifetime ends. */
  readonly until: Instant;
  readonly problems: readonly Problem[];
}

/**
 * No packet to a unique local address goes to the Internet (RFC 4193 section 4.3). Any route for a part of it wins: to
 * inside subnets, to the provider's router, into a VPN.
 */
const uniqueLocal = prefixOf(ipv6FromWords([0xfc00, 0, 0, 0, 0, 0, 0, 0]), 7);

/**
 * Decides what should be in force for these delegations at this moment. Pure and total. A router that stands by maps nothing;
 * its routes are those of the active one, so that less is to be done when it takes over.
 */
export function deriveDesired(
  config: Config,
  held: readonly Delegation[],
  now: Instant,
  lingering: readonly Lingering[] = [],
  standby = false,
  sight: Sight = nothingSeen,
): Desired {
  const byUplink = new Map<string, readonly Mapping[]>();
  const { delegations, problems: claimed } = dropClaimed(config, held);
  const problems: Problem[] = [...claimed];
  for (const translation of standby ? [] : config.translations) {
    const shared = translation.native
      ? shareNative(translation, delegations, now)
      : shareOut(translation, delegationRounds(translation.uplink, delegations, now));
    byUplink.set(translation.uplink.name, shared.mappings);
    problems.push(...shared.problems);
  }
  const mappings = joinMappings(byUplink);
  const valid = delegations.filter((delegation) => delegation.validUntil > now);
  const steering = deriveSteering(config, mappings, [...valid, ...lingering], sight);
  if (!standby) problems.push(...uplinkProblems(config, sight));
  const { offload, problems: notOffloaded } = deriveOffload(config, sight.offload);
  problems.push(...notOffloaded);
  const ours = ({ uplink }: { readonly uplink: string }): boolean => !hasClientRoutes(config, uplink);
  return {
    config,
    mappings,
    unreachable: [
      uniqueLocal,
      ...config.networks.map((network) => network.prefix),
      ...[...valid, ...lingering].filter(ours).map(({ prefix }) => prefix),
    ],
    steering,
    offload,
    until: Math.min(
      ...valid.flatMap(({ preferredUntil, validUntil }) => [preferredUntil, validUntil].filter((at) => at > now)),
      ...lingering.map(({ until }) => until),
      Infinity,
    ),
    problems,
  };
}

/**
 * Where the client's own unreachable routes are what a prefix is known by, there must be none of ours: dhcpcd 9.4.1 leaves
 * its own out where any other for the same prefix stands (measured), and would never be heard of again.
 */
function hasClientRoutes({ uplinks }: Config, name: string): boolean {
  return uplinks.some((uplink) => uplink.name === name && uplink.source.from === 'route');
}

/** A network goes out as it is for as long as its prefix is a part of what the uplink has. */
function shareNative({ network, uplink }: Translation, delegations: readonly Delegation[], now: Instant): Shared {
  const { prefix } = network;
  const has = delegations.some(
    (each) => each.uplink === uplink.name && each.validUntil > now && covers(each.prefix, prefix),
  );
  const both = { inside: prefix, outside: prefix, direction: 'both' } as const;
  if (has) return { mappings: [{ uplink: uplink.name, network: network.name, ...both }], problems: [] };
  const problem: Problem = {
    code: 'delegation-missing',
    message: `uplink ${uplink.name} does not have ${formatPrefix(prefix)}: ${network.name} has no way out through it as it is`,
    mend: `Look at what ${uplink.interface} is delegated; the guard holds until it is a part of that.`,
  };
  return { mappings: [], problems: [problem] };
}

interface Shared {
  readonly mappings: readonly Mapping[];
  readonly problems: readonly Problem[];
}

type Rounds = ReturnType<typeof delegationRounds>;

/** What a network gets on its uplink. An uplink carries one network, so nothing else can be in the way. */
const shareOut = rememberLast((translation: Translation, [current, ...old]: Rounds): Shared => {
  if (!current) return { mappings: [], problems: [noDelegation(translation)] };
  const mappings: Mapping[] = [];
  const problems: Problem[] = [];
  const taken = createPrefixIndex();
  addMappings(translation, current, 'both', taken, mappings, problems);
  for (const round of old) addMappings(translation, round, 'inbound', taken, mappings, []);
  return { mappings, problems };
}, sameRounds);

/** Whether both share out the same: of a delegation nothing counts here but its prefixes. */
function sameRounds(one: Rounds, other: Rounds): boolean {
  const same = (a: Prefix | undefined, b: Prefix | undefined): boolean => (a && b ? equalPrefixes(a, b) : a === b);
  return (
    one.length === other.length &&
    one.every((round, index) => {
      const beside = other[index]!;
      return (
        round.length === beside.length &&
        round.every((each, at) => same(each.prefix, beside[at]!.prefix) && same(each.excluded, beside[at]!.excluded))
      );
    })
  );
}

function addMappings(
  translation: Translation,
  round: readonly Delegation[],
  direction: Mapping['direction'],
  taken: PrefixIndex,
  mappings: Mapping[],
  problems: Problem[],
): void {
  const { network, uplink, subprefix } = translation;
  const { pairs, without } = carveDelegations(network, round, subprefix);
  const parts = direction === 'inbound' ? pairs.flatMap((pair) => splitOverlapping(network, pair, taken)) : pairs;
  for (const { subnet, inside, outside } of parts) {
    // A second delegation can cover the same outside prefix (an overlap of sizes): the first, which is ranked higher, stays.
    if (taken.overlaps(outside)) continue;
    taken.add(outside);
    mappings.push({
      uplink: uplink.name,
      network: network.name,
      ...(subnet && { subnet: subnet.name }),
      inside,
      outside,
      direction,
    });
  }
  if (subprefix !== undefined && round.every(({ prefix }) => !subprefixOf(prefix, network.prefix.length, subprefix))) {
    problems.push(noSuchPart(translation, subprefix, round[0]!.prefix));
  } else if (without.length > 0 || (pairs.length === 0 && network.subnets.length === 0)) {
    problems.push(
      tooSmall(
        translation,
        round.map(({ prefix }) => formatPrefix(prefix)).join(', '),
        without.map(({ name }) => name),
      ),
    );
  }
}

/**
 * An older delegation that holds the whole network can lie across what is in use: the size of one changed in its place. Then
 * what came in to the subnets that are not touched by that goes on all the same.
 */
function splitOverlapping({ subnets }: Network, pair: CarvedPair, taken: PrefixIndex): readonly CarvedPair[] {
  if (pair.subnet !== undefined || !taken.overlaps(pair.outside)) return [pair];
  return subnets.flatMap((subnet) => {
    const outside = subnetAt(pair.outside, BigInt(subnet.id));
    return outside ? [{ subnet, inside: subnet.prefix, outside }] : [];
  });
}

function noDelegation({ uplink, network }: Translation): Problem {
  return {
    code: 'delegation-missing',
    message: `uplink ${uplink.name} has no delegated prefix: ${network.name} has no way out through it`,
    mend: `Look at the DHCPv6 client of ${uplink.interface}; the guard holds until a prefix arrives.`,
  };
}

function noSuchPart({ uplink, network }: Translation, subprefix: number, delegated: Prefix): Problem {
  const { length } = network.prefix;
  const parts = subnetCount(delegated, length) || 1n;
  const has = `${formatPrefix(delegated)} on ${uplink.name} has ${parts === 1n ? 'one part' : `${parts} parts`} of /${length}`;
  return {
    code: 'subprefix-missing',
    message: `${has}, counted from 0, and ${network.name} wants part ${subprefix} of it: it has no way out through it`,
    mend: `Write ${parts === 1n ? 'subprefix: 0' : `a subprefix from 0 to ${parts - 1n}`}, take it out, or ask the provider for a larger prefix.`,
  };
}

function tooSmall({ uplink, network }: Translation, delegated: string, without: readonly string[]): Problem {
  const who = without.length > 0 ? `for ${without.join(', ')}` : `for ${network.name}, which has no subnets`;
  return {
    code: 'delegation-too-small',
    message: `${delegated} on ${uplink.name} leaves no prefix ${who}`,
    mend: 'Ask the provider for a larger one, or put the subnets that matter most first in the configuration.',
  };
}
