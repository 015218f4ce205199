import { formatPrefix } from '../../core/prefix.ts';
import type { Config } from '../../engine/config.ts';
import type { Detour } from '../../engine/stateless.ts';
import { passedPriority } from '../passed-priority.ts';
import type { Chain, Table, TableSet } from './table.ts';

/**
 * The guard: no inside address leaves an uplink, none comes in through one. It stands before any mapping and stays
 * when there is none.
 *
 * Postrouting at 300 is after source NAT (100) and before conntrack confirms a new entry: what is dropped here leaves
 * no entry behind, so a flow that began too early recovers by itself once its mapping is there.
 *
 * On an uplink with stateless translation packets have inside addresses here and are translated behind it. They may pass where a
 * detour is in place, by the index of the uplink's interface, so that one that comes anew with the same name is closed at first.
 */
export function guardTable(config: Config, detours: readonly Detour[] = [], name = 'sixgate_guard'): Table {
  const stateless = statelessInterfaces(config);
  return {
    family: 'inet',
    name,
    purpose: 'it lets no inside address out of an uplink untranslated',
    sets: [
      {
        name: 'uplinks',
        type: 'ifname',
        interval: false,
        purpose: { decides: 'guard', about: 'the list of uplink interfaces' },
        elements: config.uplinks.map((uplink) => `"${uplink.interface}"`),
      },
      {
        name: 'networks',
        type: 'ipv6_addr',
        interval: true,
        purpose: { decides: 'guard', about: 'the list of inside prefixes' },
        elements: config.networks.map((network) => formatPrefix(network.prefix)),
      },
      ...(stateless.length > 0 ? [translatingSet(detours)] : []),
    ],
    counters: ['leaving', 'arriving', 'returning'],
    chains: [leaveChain(stateless), arriveChain(stateless), turnBack(config)],
  };
}

/** The interfaces of uplinks that translate without state. */
export function statelessInterfaces({ translations }: Config): string[] {
  return translations.filter(({ mode }) => mode === 'rfc6296').map(({ uplink }) => uplink.interface);
}

/**
 * Without a mapping, and before its route is there, a packet to a delegated prefix would follow the default route. Beside
 * making a loop it would leave a conntrack entry, and the flow that it belongs to would get another port later.
 */
function turnBack(config: Config): Chain {
  return {
    name: 'turn_back',
    hook: { type: 'filter', hook: 'forward', priority: -300 },
    rules: config.uplinks.map(({ name, interface: at }) => ({
      text: `iifname "${at}" oifname "${at}" counter name returning drop`,
      why: `nothing goes back to where it came from, ${name}`,
    })),
  };
}

function translatingSet(detours: readonly Detour[]): TableSet {
  return {
    name: 'translating',
    type: 'iface_index',
    interval: false,
    purpose: { decides: 'guard', about: 'the list of uplinks that have a detour' },
    elements: detours.map(({ uplink }) => `"${uplink}"`),
  };
}

function leaveChain(stateless: readonly string[]): Chain {
  const elsewhere = stateless.length > 0 ? 'oif != @translating ' : '';
  const others = stateless.length > 0 ? 'ip6 saddr != @networks ' : '';
  return {
    name: 'leave',
    hook: { type: 'filter', hook: 'postrouting', priority: 300 },
    rules: [
      {
        text: `oifname @uplinks ${elsewhere}ip6 saddr @networks counter name leaving drop`,
        why: 'no inside address leaves an uplink',
      },
      {
        // To a neighbour on the uplink's own link a unique local address is in order: many home routers have one there.
        text: `oifname @uplinks ip6 saddr fc00::/7 ${others}ip6 daddr != { fc00::/7, fe80::/10, ff00::/8 } counter name leaving drop`,
        why: 'no other unique local address goes to the Internet (RFC 4193 4.3)',
      },
    ],
  };
}

function arriveChain(stateless: readonly string[]): Chain {
  const names = stateless.map((name) => `"${name}"`).join(', ');
  const stateful = stateless.length > 0 ? `iifname != { ${names} } ` : '';
  return {
    name: 'arrive',
    hook: { type: 'filter', hook: 'prerouting', priority: -300 },
    rules: [
      {
        text: 'iifname @uplinks ip6 saddr @networks counter name arriving drop',
        why: 'nobody outside has an inside address',
      },
      {
        text: `iifname @uplinks ${stateful}ip6 daddr @networks counter name arriving drop`,
        why: 'inside addresses are reached by their outside address only',
      },
      ...(stateless.length > 0
        ? [
            {
              text: `iifname { ${names} } ip6 daddr @networks meta priority != ${passedPriority.text} counter name arriving drop`,
              why: 'what comes in with an inside address has come through the translator',
            },
          ]
        : []),
    ],
  };
}
