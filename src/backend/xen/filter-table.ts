import type { Chain, Table } from '../nft/table.ts';

/**
 * What guests may not do: forge sources, play router. A source is right where the route to it leads through the interface
 * that the packet came from, so that the routes of a guest are its filter, and there is nothing to keep up to date but the
 * list of interfaces. Before conntrack (-200), which need not remember what is dropped.
 */
export const filterTable: Table = {
  family: 'ip6',
  name: 'sixgate_xen',
  purpose: 'it keeps guests from forging sources and from playing router',
  sets: [
    {
      name: 'vifs',
      type: 'ifname',
      interval: false,
      purpose: { decides: 'guard', about: 'the list of guest interfaces' },
      elements: [],
    },
  ],
  counters: ['forged', 'posed'],
  chains: [
    {
      name: 'arrive',
      hook: { type: 'filter', hook: 'prerouting', priority: -300 },
      rules: [{ text: 'iifname @vifs goto guest', why: 'from a guest' }],
    },
    {
      name: 'guest',
      rules: [
        {
          text: 'icmpv6 type { nd-router-advert, nd-redirect } counter name posed drop',
          why: 'guests are no routers for Dom0 (RFC 6105)',
        },
        { text: 'ip6 saddr { ::, fe80::/10 } accept', why: 'these are never forwarded' },
        {
          text: 'fib saddr . iif oif missing counter name forged drop',
          why: 'the source is not routed to this guest (RFC 2827)',
        },
      ],
    },
  ] satisfies Chain[],
};

export const filterTableKey = `${filterTable.family} ${filterTable.name}`;
