import { parseDhcpcdConfig } from '../backend/dhcpcd/parse-dhcpcd-config.ts';
import { parseIpv6, type Ipv6Address } from '../core/ipv6.ts';
import { parsePrefix, type Prefix } from '../core/prefix.ts';
import type { Config } from '../engine/config.ts';
import type { Delegation } from '../engine/delegation.ts';
import type { HostFacts } from '../engine/doctor/host-facts.ts';
import { deriveDesired } from '../engine/desired.ts';
import type { Read } from '../engine/kernel-state.ts';
import { addDuration, noDurations } from '../engine/durations.ts';
import { deriveReport, type ReportFacts } from '../engine/report.ts';

export function prefix(text: string): Prefix {
  const read = parsePrefix(text);
  if (!read.ok) throw new RangeError(read.problem.message);
  return read.value;
}

export function address(text: string): Ipv6Address {
  const read = parseIpv6(text);
  if (!read.ok) throw new RangeError(read.problem.message);
  return read.value;
}

const lan = { name: 'lan', id: 0, prefix: prefix('fd12:3456:789a::/64'), interface: 'eth1' };
const servers = { name: 'servers', id: 1, prefix: prefix('fd12:3456:789a:1::/64'), interface: 'eth2' };
const remote = { name: 'remote', id: 2, prefix: prefix('fd12:3456:789a:2::/64') };
const home = { name: 'home', prefix: prefix('fd12:3456:789a::/58'), subnets: [lan, servers, remote] };
const dsl = { name: 'dsl', interface: 'eth0', source: { from: 'dhcpcd', length: 58 } } as const;

/** Two LANs, one subnet behind another router, one uplink. */
export const homeConfig: Config = {
  uplinks: [dsl],
  networks: [home],
  translations: [
    {
      network: home,
      uplink: dsl,
      mode: 'stateful',
      hairpin: true,
      inbound: 'deny',
      pinholes: [
        {
          to: address('fd12:3456:789a:1::10'),
          tcp: [{ first: 443, last: 443 }],
          udp: [{ first: 8000, last: 8010 }],
          icmp: true,
        },
      ],
    },
  ],
};

export const now = Date.UTC(2027, 0, 2, 3, 4, 5);

export const homeDelegation: Delegation = {
  uplink: 'dsl',
  iaid: 1,
  prefix: prefix('2001:db8:a:aa80::/58'),
  preferredUntil: now + 1_800_000,
  validUntil: now + 3_600_000,
  since: now - 60_000,
};

export const known = <T>(value: T): Read<T> => ({ known: true, value });

export const homeFacts: ReportFacts = {
  now: now - 1000,
  daemon: {
    pid: 4242,
    since: new Date(now - 3_600_000).toISOString(),
    version: '1.2.3',
    guardHeld: true,
    reportsEvery: 15,
  },
  desired: deriveDesired(homeConfig, [homeDelegation], now),
  inForce: true,
  delegations: [homeDelegation],
  history: [],
  counters: new Map([
    ['leaving', 3],
    ['arriving', 0],
  ]),
  activity: { changes: 1, repairs: 0, flowsMoved: 2, durations: addDuration(noDurations, 12.5), lastChange: null },
  problems: [],
};

export const homeReport = deriveReport(homeFacts);

const link = { up: true, carrier: true, mtu: 1500, ipv4: [] };
const own = (text: string) => [{ address: address(text), length: 64, duplicate: false }];

/** A router in order: every check of it is `ok`. */
export const healthyHost: HostFacts = {
  now,
  version: '1.2.3',
  nodeVersion: 'v20.20.2',
  config: { valid: true, config: homeConfig, warnings: 0 },
  tools: new Map(['nft', 'ip', 'setpriv', 'conntrack', 'dhcpcd'].map((name) => [name, known('1.0')])),
  settings: new Map([
    ['net/ipv6/conf/all/forwarding', 1],
    ['net/netfilter/nf_conntrack_max', 1000],
    ['net/netfilter/nf_conntrack_tcp_loose', 1],
    ...['eth0', 'eth1', 'eth2'].flatMap((name): [string, number][] => [
      [`net/ipv6/conf/${name}/forwarding`, 1],
      [`net/ipv6/conf/${name}/accept_ra`, name === 'eth0' ? 2 : 1],
      [`net/ipv6/conf/${name}/disable_ipv6`, 0],
    ]),
  ]),
  interfaces: known([
    { name: 'eth0', ...link, addresses: own('2001:db8:a:aa00::2') },
    { name: 'eth1', ...link, addresses: own('fd12:3456:789a::1') },
    { name: 'eth2', ...link, addresses: own('fd12:3456:789a:1::1') },
  ]),
  defaultRoutes: known([{ interface: 'eth0', protocol: 'ra' }]),
  ownSource: known(address('2001:db8:a:aa00::2')),
  rulesetRefused: known(null),
  flows: known(10),
  dhcpClients: known([{ process: { name: 'dhcpcd', pid: 100 }, orphaned: false }]),
  dhcpcdConfig: known({
    path: '/etc/dhcpcd.conf',
    options: parseDhcpcdConfig('script ""\ninterface eth0\n  noipv6rs\n  ia_pd 1/::/58 nosuch0/0/58\n'),
  }),
  networkd: known(new Map()),
  networkManager: new Map(),
  hooks: new Map(),
  eventsDirectory: '/run/sixgate/events',
  daemon: known({ report: homeReport, alive: true }),
  delegations: known([homeDelegation]),
  steps: known([]),
  awaited: known([]),
  ownTables: known(['inet sixgate_guard', 'ip6 sixgate', 'inet sixgate_held_0']),
  firewall: known({ tables: [], unread: [] }),
  tunnelling: {
    tunnels: [],
    unreachable: known([]),
    ipv4Firewall: known({ tables: [], unread: [] }),
    entries: known([]),
    relayLines: [],
  },
};
