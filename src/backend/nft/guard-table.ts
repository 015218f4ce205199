import { formatPrefix } from '../../core/prefix.ts';
import type { Config } from '../../engine/config.ts';
import type { Chain, Table } from './table.ts';

/**
 * The guard: no inside address leaves an uplink, none comes in through one. It stands before any mapping and stays
 * when there is none.
 *
 * Postrouting at 300 is after source NAT (100) and before conntrack confirms a new entry: what is dropped here leaves
 * no entry behind, so a flow that began too early recovers by itself once its mapping is there.
 */
export function guardTable(config: Config, name = 'sixgate_guard'): Table {
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
    ],
    counters: ['leaving', 'arriving', 'returning'],
    chains: [leave, arrive, turnBack(config)],
  };
}

const leave: Chain = {
  name: 'leave',
  hook: { type: 'filter', hook: 'postrouting', priority: 300 },
  rules: [
    {
      text: 'oifname @uplinks ip6 saddr @networks counter name leaving drop',
      why: 'no inside address leaves an uplink',
    },
    {
      // To a neighbour on the uplink's own link a unique local address is in order: many home routers have one there.
      text: 'oifname @uplinks ip6 saddr fc00::/7 ip6 daddr != { fc00::/7, fe80::/10, ff00::/8 } counter name leaving drop',
      why: 'no other unique local address goes to the Internet (RFC 4193 4.3)',
    },
  ],
};

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

const arrive: Chain = {
  name: 'arrive',
  hook: { type: 'filter', hook: 'prerouting', priority: -300 },
  rules: [
    {
      text: 'iifname @uplinks ip6 saddr @networks counter name arriving drop',
      why: 'nobody outside has an inside address',
    },
    {
      text: 'iifname @uplinks ip6 daddr @networks counter name arriving drop',
      why: 'inside addresses are reached by their outside address only',
    },
  ],
};
