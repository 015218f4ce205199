import { ipv6FromWords } from '../../core/ipv6.ts';
import { formatPrefix, prefixOf, type Prefix } from '../../core/prefix.ts';
import type { Config } from '../../engine/config.ts';
import type { Detour } from '../../engine/stateless.ts';
import type { Desired } from '../../engine/desired.ts';
import { isNative } from '../../engine/mapping.ts';
import { foreignTo, type Way } from '../../engine/steering.ts';
import { identifier } from './identifier.ts';
import { passedPriority } from '../passed-priority.ts';
import { matchBeginning, matchNetworks, networksSet } from './match-networks.ts';
import type { Chain, Rule, Table, TableSet } from './table.ts';

const uniqueLocal = prefixOf(ipv6FromWords([0xfc00, 0, 0, 0, 0, 0, 0, 0]), 7);

export interface GuardExceptions {
  readonly ways?: readonly Way[] | undefined;
  readonly natives?: readonly NativePrefix[];
}

/** An inside prefix that is the own one of an uplink at this moment, so that it goes out and comes in there as it is. */
export interface NativePrefix {
  readonly interface: string;
  readonly prefix: Prefix;
}

/** Those of the mappings in force. */
export function nativePrefixes({ config, mappings }: Pick<Desired, 'config' | 'mappings'>): NativePrefix[] {
  return mappings.filter(isNative).flatMap(({ uplink, inside }) => {
    const at = config.uplinks.find(({ name }) => name === uplink)?.interface;
    return at === undefined ? [] : [{ interface: at, prefix: inside }];
  });
}

/**
 * The guard: no inside address leaves an uplink, none comes in through one. It stands before any mapping and stays
 * when there is none.
 *
 * Postrouting at 300 is after source NAT (100) and before conntrack confirms a new entry: what is dropped here leaves
 * no entry behind, so a flow that began too early recovers by itself once its mapping is there.
 *
 * On an uplink with stateless translation packets have inside addresses here and are translated behind it. They may pass where a
 * detour is in place, by the index of the uplink's interface, so that one that comes anew with the same name is closed at first.
 *
 * Where there are several uplinks, none of them lets out what only another one has: its provider would drop that (BCP 38), and who gets
 * it anyway would answer somebody else.
 *
 * Every forwarded packet goes through two chains of this, twice where a copy is held (docs/performance.md): what they
 * compare first is what tells soonest and cheapest that a packet is none of theirs.
 */
export function guardTable(
  config: Config,
  detours: readonly Detour[] = [],
  name = 'sixgate_guard',
  { ways = [], natives = [] }: GuardExceptions = {},
): Table {
  return {
    family: 'inet',
    name,
    purpose: 'it lets no inside address out of an uplink untranslated',
    sets: [
      ...networksSet(config.networks.map(({ prefix }) => prefix)),
      ...(statelessInterfaces(config).length > 0 ? [translatingSet(detours)] : []),
      ...ways.map((way) => elsewhereSet(way, ways)),
    ],
    counters: ['leaving', 'arriving', 'returning', ...(ways.length > 0 ? ['astray'] : [])],
    chains: [
      {
        name: 'leave',
        hook: { type: 'filter', hook: 'postrouting', priority: 300 },
        rules: leaveRules(config, ways, natives),
      },
      {
        name: 'arrive',
        hook: { type: 'filter', hook: 'prerouting', priority: -300 },
        rules: arriveRules(config, natives),
      },
      turnBack(config),
    ],
  };
}

/** The interfaces of uplinks that translate without state. */
export function statelessInterfaces({ translations }: Config): string[] {
  return translations.filter(({ mode }) => mode === 'rfc6296').map(({ uplink }) => uplink.interface);
}

function translatingSet(detours: readonly Detour[]): TableSet {
  return {
    name: 'translating',
    type: 'iface_index',
    interval: false,
    // With a size the kernel takes its fastest kind of set.
    size: 64,
    purpose: { decides: 'guard', about: 'the list of uplinks that have a detour' },
    elements: detours.map(({ uplink }) => `"${uplink}"`),
  };
}

function elsewhereSet(way: Way, ways: readonly Way[]): TableSet {
  return {
    name: elsewhereName(way),
    type: 'ipv6_addr',
    interval: true,
    purpose: { decides: 'elsewhere', about: `what only others than ${way.uplink.name} have` },
    elements: foreignTo(way, ways).map(formatPrefix),
  };
}

function elsewhereName({ uplink }: Way): string {
  return identifier('elsewhere', uplink.name);
}

function leaveRules(config: Config, ways: readonly Way[], natives: readonly NativePrefix[]): Rule[] {
  const inside = config.networks.map(({ prefix }) => prefix);
  const rules: Rule[] = [];
  if (statelessInterfaces(config).length > 0) {
    for (const match of matchNetworks('saddr', inside)) {
      rules.push({ text: `${match} oif @translating accept`, why: 'it is translated behind this' });
    }
  }
  for (const { interface: at, prefix } of natives) {
    for (const match of matchNetworks('saddr', [prefix], `oifname "${at}"`)) {
      rules.push({ text: `${match} accept`, why: `its own prefix leaves by ${at} as it is` });
    }
  }
  for (const { name, interface: at } of config.uplinks) {
    for (const match of matchNetworks('saddr', inside, `oifname "${at}"`)) {
      rules.push({ text: `${match} counter name leaving drop`, why: `no inside address leaves an uplink, ${name}` });
    }
    rules.push({
      // To a neighbour on the uplink's own link a unique local address is in order: many home routers have one there.
      text: `${matchBeginning('saddr', uniqueLocal)} oifname "${at}" ip6 saddr fc00::/7 ip6 daddr != { fc00::/7, fe80::/10, ff00::/8 } counter name leaving drop`,
      why: `no other unique local address goes to the Internet (RFC 4193 4.3), ${name}`,
    });
  }
  for (const way of ways) {
    rules.push({
      text: `oifname "${way.uplink.interface}" ip6 saddr @${elsewhereName(way)} counter name astray drop`,
      why: `what only other uplinks have does not leave by ${way.uplink.name}`,
    });
  }
  return rules;
}

/**
 * Without a mapping, and before its route is there, a packet to a delegated prefix would follow the default route. Beside
 * making a loop it would leave a conntrack entry, and the flow that it belongs to would get another port later. (Not in postrouting:
 * to Linux 6.18 the router's own packets come in there through the interface that they leave by.)
 */
function turnBack(config: Config): Chain {
  const unanswered = tracksFlows(config) ? 'ct state & (established | related) == 0 ' : '';
  return {
    name: 'turn_back',
    hook: { type: 'filter', hook: 'forward', priority: -300 },
    rules: config.uplinks.map(({ name, interface: at }) => ({
      text: `${unanswered}iifname "${at}" oifname "${at}" counter name returning drop`,
      why: `nothing goes back to where it came from, ${name}`,
    })),
  };
}

/** Where conntrack is needed anyway, what it says is cheap. */
function tracksFlows({ translations }: Config): boolean {
  return translations.some(({ mode, inbound }) => mode === 'stateful' || inbound === 'deny');
}

function arriveRules(config: Config, natives: readonly NativePrefix[]): Rule[] {
  const stateless = new Set(statelessInterfaces(config));
  const inside = config.networks.map(({ prefix }) => prefix);
  return config.uplinks.flatMap(({ name, interface: at }) => {
    const drop = (match: string, why: string): Rule => ({
      text: `${match} counter name arriving drop`,
      why: `${why}, ${name}`,
    });
    const through = `iifname "${at}"`;
    return [
      ...matchNetworks('saddr', inside, through).map((match) => drop(match, 'nobody outside has an inside address')),
      ...natives
        .filter((native) => native.interface === at)
        .flatMap(({ prefix }) => matchNetworks('daddr', [prefix], through))
        .map((match) => ({ text: `${match} accept`, why: `what is for its own prefix comes in by ${at}` })),
      ...(stateless.has(at)
        ? matchNetworks('daddr', inside, `meta priority != ${passedPriority.text} ${through}`).map((match) =>
            drop(match, 'what comes in with an inside address has come through the translator'),
          )
        : matchNetworks('daddr', inside, through).map((match) =>
            drop(match, 'inside addresses are reached by their outside address only'),
          )),
    ];
  });
}
