import { parseIpv6, type Ipv6Address } from '../core/ipv6.ts';
import { parsePrefix, type Prefix } from '../core/prefix.ts';
import type { FirewallIntent } from '../generate/firewall/firewall-intent.ts';

const host = (text: string): Ipv6Address => {
  const read = parseIpv6(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};
const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};

const home = {
  uplink: 'eth0',
  network: prefix('fd12:3456:789a::/58'),
  subnets: [
    { prefix: prefix('fd12:3456:789a::/64'), interface: 'eth1' },
    { prefix: prefix('fd12:3456:789a:1::/64'), interface: 'eth2' },
    { prefix: prefix('fd12:3456:789a:2::/64') },
  ],
  hairpin: true,
  inbound: 'deny',
  pinholes: [
    {
      to: host('fd12:3456:789a:1::10'),
      tcp: [{ first: 443, last: 443 }],
      udp: [
        { first: 443, last: 443 },
        { first: 6000, last: 6100 },
      ],
      icmp: true,
    },
  ],
} as const;

/** Everything that a firewall can be asked for, under the name of what is special about it. */
export const firewallIntents: Readonly<Record<string, FirewallIntent>> = {
  pinholes: { uplinks: ['eth0'], translations: [home] },
  'no-hairpin': { uplinks: ['eth0'], translations: [{ ...home, hairpin: false }] },
  'all-inbound': { uplinks: ['eth0'], translations: [{ ...home, inbound: 'allow' }] },
  stateless: { uplinks: ['eth0'], translations: [{ ...home, detour: 'six-eth0' }] },
  'stateless-no-hairpin': {
    uplinks: ['eth0'],
    translations: [{ ...home, detour: 'six-eth0', hairpin: false, inbound: 'allow' }],
  },
  'two-uplinks': {
    uplinks: ['eth0', 'ppp0'],
    translations: [home, { ...home, uplink: 'ppp0', pinholes: [], hairpin: false, inbound: 'allow' }],
  },
  'strange-names': {
    uplinks: ["it's", '$(reboot)'],
    translations: [{ ...home, uplink: "it's", subnets: [{ prefix: home.network, interface: '{drop;}#' }] }],
  },
  'nothing-translated': { uplinks: ['eth0'], translations: [] },
  nothing: { uplinks: [], translations: [] },
};
