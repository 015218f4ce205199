import { describe, expect, test } from 'vitest';
import { parseTunnelEntries } from '../../../backend/conntrack/parse-tunnel-entries.ts';
import { parseIp6tablesSave } from '../../../backend/firewall/parse-ip6tables-save.ts';
import { parseIpv4, type Ipv4Address } from '../../../core/ipv4.ts';
import { address, healthyHost, homeConfig, known, prefix } from '../../../testing/healthy-host.ts';
import { runChecks } from '../checks.ts';
import type { Finding } from '../finding.ts';
import type { HostFacts, InterfaceFact } from '../host-facts.ts';
import { tunnelChecks } from './tunnel-checks.ts';
import type { PathFact, TunnelFact, TunnelFacts, TunnelRoute } from './tunnel-facts.ts';

const ip = (text: string): Ipv4Address => {
  const read = parseIpv4(text);
  if (!read.ok) throw new RangeError(text);
  return read.value;
};
const link = (name: string, ipv4: readonly string[], ...addresses: string[]): InterfaceFact => ({
  name,
  up: true,
  carrier: true,
  mtu: 1500,
  ipv4: ipv4.map(ip),
  addresses: addresses.map((each) => ({
    address: address(each),
    length: each.startsWith('2002') ? 16 : 64,
    duplicate: false,
  })),
});
const route = (to: string, via?: string): TunnelRoute => ({
  prefix: prefix(to),
  ...(via !== undefined && { gateway: address(via) }),
});
const allSites = { prefix: prefix('2002::/16'), common: { address: ip('0.0.0.0'), length: 0 } };

const sixToFour: TunnelFact = {
  name: 'tun6to4',
  up: true,
  mtu: 1280,
  ttl: 64,
  pmtudisc: true,
  local: ip('203.0.113.4'),
  sixRd: allSites,
  routes: known([route('::/96'), route('2002::/16')]),
};
const sixInFour: TunnelFact = {
  ...sixToFour,
  name: 'tun6in4',
  remote: ip('192.0.2.99'),
  routes: known([route('2001:db8:1234::/64'), route('::/0', '2001:db8:1234::1')]),
};
const sixRd: TunnelFact = {
  ...sixToFour,
  name: 'tun6rd',
  sixRd: { prefix: prefix('2001:db8::/32'), common: { address: ip('0.0.0.0'), length: 0 } },
  routes: known([route('::/96'), route('2001:db8::/32'), route('::/0', '::192.0.2.1')]),
};
const martians = ['2002::/24', '2002:a00::/24', '2002:6440::/26', '2002:7f00::/24', '2002:a9fe::/32', '2002:ac10::/28'];
const moreMartians = ['2002:c000::/40', '2002:c058:6300::/40', '2002:c0a8::/32', '2002:c612::/31', '2002:e000::/19'];

const ip6tables = (...rules: string[]) =>
  known({
    tables: parseIp6tablesSave(`*raw\n:PREROUTING ACCEPT [0:0]\n${rules.join('\n')}\n`, 'ip6tables'),
    unread: [],
  });
const input = (policy: string, ...rules: string[]) =>
  known({
    tables: parseIp6tablesSave(`*filter\n:INPUT ${policy} [0:0]\n${rules.join('\n')}\n`, 'iptables'),
    unread: [],
  });
const filtered = ip6tables(
  '-A PREROUTING -i tun+ -s fe80::/10 -j DROP',
  '-A PREROUTING -i tun6to4 ! -s 2002::/16 -j DROP',
  ...martians.concat(moreMartians).map((each) => `-A PREROUTING -i tun6to4 -s ${each} -j DROP`),
);
const withoutTable = { firewall: ip6tables() };

/** A host with all three; in truth the kernel takes only one for any peer and the same local address. */
const host: HostFacts = {
  ...healthyHost,
  interfaces: known([
    link('lo', [], '::1'),
    link('eth0', ['203.0.113.4'], 'fe80::1'),
    link('eth1', [], '2002:cb00:7104:1::1'),
    link('tun6to4', [], '2002:cb00:7104::1', '::203.0.113.4'),
    link('tun6in4', [], '2001:db8:1234::2', 'fe80::cb00:7104'),
    link('tun6rd', [], '2001:db8:cb00:7104::1'),
  ]),
  firewall: filtered,
  tunnelling: {
    tunnels: [sixToFour, sixInFour, sixRd],
    unreachable: known([...martians, ...moreMartians].map(prefix)),
    ipv4Firewall: known({ tables: [], unread: [] }),
    entries: known([]),
    relayLines: [],
  },
};

const facts = (change: Partial<TunnelFacts>): Partial<HostFacts> => ({ tunnelling: { ...host.tunnelling, ...change } });
const tunnel = (changed: TunnelFact, change: Partial<TunnelFact>): Partial<HostFacts> =>
  facts({ tunnels: [{ ...changed, ...change }] });
const without = (changed: TunnelFact, ...keys: (keyof TunnelFact)[]): Partial<HostFacts> =>
  facts({
    tunnels: [
      Object.fromEntries(
        Object.entries(changed).filter(([key]) => !keys.includes(key as keyof TunnelFact)),
      ) as unknown as TunnelFact,
    ],
  });
const interfaces = (...links: InterfaceFact[]): Partial<HostFacts> => ({ interfaces: known(links) });
const path = (change: Partial<PathFact>): Partial<HostFacts> =>
  tunnel(sixInFour, { mtu: 1480, path: known({ peer: ip('192.0.2.99'), whole: false, small: true, ...change }) });
const behindNat = { ...tunnel(sixToFour, { local: ip('192.168.1.10') }) };
const private6 = (...addresses: string[]): Partial<HostFacts> => ({
  ...behindNat,
  ...interfaces(
    link('eth0', ['192.168.1.10']),
    link('eth1', [], '2002:c633:6407:1::1'),
    link('tun6to4', [], ...addresses),
  ),
});
const uplink = (ipv4: string): Partial<HostFacts> => ({
  config: {
    valid: true,
    config: { ...homeConfig, uplinks: [{ name: 'u', interface: 'tun6to4', source: { from: '6to4', ipv4: ip(ipv4) } }] },
    warnings: 0,
  },
});
const gateway = (rules: string, entries: string): Partial<HostFacts> =>
  facts({
    tunnels: [],
    ipv4Firewall: known({
      tables: parseIp6tablesSave(`*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n${rules}`, 'iptables'),
      unread: [],
    }),
    entries: known(parseTunnelEntries(entries)),
  });
const dnat = '-A PREROUTING -d 198.51.100.7/32 -i wan -p ipv6 -j DNAT --to-destination 192.168.1.10\n';
const snat = '-A POSTROUTING -s 192.168.1.10/32 -o wan -p ipv6 -j SNAT --to-source 198.51.100.7\n';
const entry = (from: string, to: string, replyFrom = to, replyTo = from): string =>
  `unknown  41 599 src=${from} dst=${to} src=${replyFrom} dst=${replyTo} mark=0 use=1\n`;
const unreadable = { known: false, why: 'ip is not permitted: Operation not permitted' } as const;

const find = (id: string, change: Partial<HostFacts>): Finding | undefined =>
  runChecks({ ...host, ...change }).find((finding) => finding.id === id);

test('tunnels in order: every check finds something, all of it ok and without a mend', () => {
  const gate = gateway(dnat + snat, '').tunnelling!;
  const findings = runChecks({ ...host, ...facts({ ipv4Firewall: gate.ipv4Firewall }) }).filter(
    ({ group }) => group === 'tunnels',
  );
  for (const { id } of tunnelChecks) expect(findings.map((finding) => finding.id.split(':')[0])).toContain(id);
  expect(findings.filter(({ result, mend }) => result !== 'ok' || mend !== null)).toEqual([]);
  expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
});

test('without tunnels and without rules for protocol 41 nothing is said of them', () => {
  expect(runChecks(healthyHost).filter(({ group }) => group === 'tunnels')).toEqual([]);
});

type Case = readonly [
  id: string,
  result: Finding['result'],
  found: RegExp,
  mend: RegExp | null,
  change: Partial<HostFacts>,
];

const cases: readonly Case[] = [
  ['tunnel:tun6to4', 'problem', /is down/, /^ip link set dev tun6to4 up$/, tunnel(sixToFour, { up: false })],
  ['tunnel:tun6rd', 'ok', /a 6rd tunnel from 203.0.113.4 to all sites/, null, {}],
  ['tunnel:tun6in4', 'ok', /a 6in4 tunnel from 203.0.113.4 to 192.0.2.99/, null, {}],

  [
    'tunnel-local:tun6to4',
    'problem',
    /no local address/,
    /^Leave .* sixgate generate 6to4 .* --ipv4 203.0.113.4$/,
    without(sixToFour, 'local'),
  ],
  [
    'tunnel-local:tun6in4',
    'warning',
    /no local address/,
    /^ip tunnel change tun6in4 local 203.0.113.4 /,
    without(sixInFour, 'local'),
  ],
  [
    'tunnel-local:tun6to4',
    'problem',
    /no address of this host/,
    /^ip tunnel change tun6to4 local 203.0.113.4 /,
    tunnel(sixToFour, { local: ip('203.0.113.5') }),
  ],
  [
    'tunnel-local:tun6to4',
    'problem',
    /sends from 192.168.1.10, and its prefix is that of 203.0.113.4, which this host has too/,
    /^ip tunnel change tun6to4 local 203.0.113.4 /,
    {
      ...behindNat,
      ...interfaces(
        link('eth0', ['203.0.113.4']),
        link('eth1', ['192.168.1.10']),
        link('tun6to4', [], '2002:cb00:7104::1'),
      ),
    },
  ],
  [
    'tunnel-local:tun6to4',
    'problem',
    /shared by a provider/,
    /WireGuard/,
    {
      ...tunnel(sixToFour, { local: ip('100.64.0.1') }),
      ...interfaces(link('eth0', ['100.64.0.1']), link('tun6to4', [])),
    },
  ],
  ['tunnel-local:tun6to4', 'ok', /192.168.1.10 on eth0, behind NAT/, null, private6('2002:c633:6407::1')],
  ['tunnel-local:tun6to4', 'unknown', /could not be read/, /root/, { interfaces: unreadable }],

  [
    'tunnel-prefix:tun6to4',
    'problem',
    /made of 198.51.100.7, and others see 203.0.113.4/,
    /^ip -6 address replace 2002:cb00:7104::1\/16 dev tun6to4; ip -6 address del 2002:c633:6407::1\/16 dev tun6to4 /,
    interfaces(link('eth0', ['203.0.113.4']), link('tun6to4', [], '2002:c633:6407::1')),
  ],
  [
    'tunnel-prefix:tun6to4',
    'problem',
    /2002:c0a8:10a::1 on tun6to4 is made of 192.168.1.10, which is private/,
    /^sixgate generate 6to4 .* --ipv4 PUBLIC --local 192.168.1.10$/,
    private6('2002:c0a8:10a::1'),
  ],
  [
    'tunnel-prefix:tun6to4',
    'problem',
    /which is private/,
    /replace 2002:c633:6407::1\/16 .* del 2002:c0a8:10a::1\/16/,
    { ...private6('2002:c0a8:10a::1'), ...uplink('198.51.100.7') },
  ],
  [
    'tunnel-prefix:tun6to4',
    'problem',
    /others see 198.51.100.8/,
    /2002:c633:6408::1/,
    { ...private6('2002:c633:6407::1'), ...uplink('198.51.100.8') },
  ],
  [
    'tunnel-prefix:tun6to4',
    'ok',
    /that of 198.51.100.7/,
    null,
    { ...private6('2002:c633:6407::1'), ...uplink('198.51.100.7') },
  ],
  [
    'tunnel-prefix:tun6to4',
    'unknown',
    /whether the gateway has that address/,
    /ipv4: 198.51.100.7/,
    private6('2002:c633:6407::1'),
  ],
  [
    'tunnel-prefix:tun6to4',
    'problem',
    /no address of 2002:c633:6407::\/48: behind NAT the kernel drops/,
    /^ip -6 address replace 2002:c633:6407::1\/16 dev tun6to4/,
    private6(),
  ],
  [
    'tunnel-prefix:tun6to4',
    'problem',
    /no address of 2002:cb00:7104::\/48$/,
    /2002:cb00:7104::1\/16/,
    interfaces(link('eth0', ['203.0.113.4']), link('tun6to4', [])),
  ],
  [
    'tunnel-prefix:tun6to4',
    'ok',
    /^eth1 has 2002:cb00:7104::\/48/,
    null,
    interfaces(link('eth0', ['203.0.113.4']), link('eth1', [], '2002:cb00:7104:1::1'), link('tun6to4', [])),
  ],
  [
    'tunnel-prefix:tun6to4',
    'problem',
    /no route to other 6to4 sites/,
    /^ip -6 route add 2002::\/16 dev tun6to4/,
    tunnel(sixToFour, { routes: known([route('2002:cb00:7104::/48')]) }),
  ],
  ['tunnel-prefix:tun6to4', 'unknown', /could not be read/, null, tunnel(sixToFour, { routes: unreadable })],
  [
    'tunnel-prefix:tun6rd',
    'problem',
    /no address of 2001:db8:cb00:7104::\/64, which is that of 203.0.113.4/,
    /^ip -6 address add 2001:db8:cb00:7104::1\/32 dev tun6rd/,
    interfaces(link('eth0', ['203.0.113.4']), link('tun6rd', [], '2001:db8:c633:6407::1')),
  ],
  [
    'tunnel-prefix:tun6rd',
    'problem',
    /not in 10.0.0.0\/8/,
    /6rd-relay_prefix/,
    tunnel(sixRd, { sixRd: { ...sixRd.sixRd, common: { address: ip('10.0.0.0'), length: 8 } } }),
  ],
  [
    'tunnel-prefix:tun6rd',
    'ok',
    /2001:db8:10:100::\/56 is that of 10.0.16.1/,
    null,
    {
      ...tunnel(sixRd, {
        local: ip('10.0.16.1'),
        sixRd: { ...sixRd.sixRd, common: { address: ip('10.0.0.0'), length: 8 } },
      }),
      ...interfaces(link('eth0', ['10.0.16.1']), link('eth1', [], '2001:db8:10:101::1'), link('tun6rd', [])),
    },
  ],
  [
    'tunnel-prefix:tun6rd',
    'unknown',
    /192.168.1.10, which is private/,
    /gateway/,
    {
      ...tunnel(sixRd, { local: ip('192.168.1.10') }),
      ...interfaces(link('eth0', ['192.168.1.10']), link('tun6rd', [])),
    },
  ],
  [
    'tunnel-prefix:tun6in4',
    'warning',
    /no IPv6 address/,
    /ADDRESS\/64/,
    interfaces(link('eth0', ['203.0.113.4']), link('tun6in4', [], 'fe80::1')),
  ],

  [
    'tunnel-mtu:tun6to4',
    'problem',
    /1279 bytes, and IPv6 needs 1280/,
    /^ip link set dev tun6to4 mtu 1280 /,
    tunnel(sixToFour, { mtu: 1279 }),
  ],
  ['tunnel-mtu:tun6to4', 'unknown', /cannot be measured/, /mtu 1280/, tunnel(sixToFour, { mtu: 1480 })],
  ['tunnel-mtu:tun6to4', 'problem', /eth0 carries 1480 inside IPv4/, /mtu 1480/, tunnel(sixToFour, { mtu: 1481 })],
  ['tunnel-mtu:tun6to4', 'ok', /may be fragmented/, null, tunnel(sixToFour, { mtu: 1480, pmtudisc: false })],
  ['tunnel-mtu:tun6in4', 'ok', /carries the packets of tun6in4, 1480 bytes/, null, path({ whole: true })],
  ['tunnel-mtu:tun6in4', 'problem', /192.0.2.99 swallows packets of 1500 bytes/, /mtu 1280/, path({})],
  ['tunnel-mtu:tun6in4', 'warning', /carries 1400 bytes/, /mtu 1380/, path({ told: 1400 })],
  ['tunnel-mtu:tun6in4', 'problem', /swallows/, /mtu 1280/, path({ told: 1299 })],
  ['tunnel-mtu:tun6in4', 'unknown', /answers no ping/, null, path({ small: false })],
  ['tunnel-mtu:tun6in4', 'unknown', /could not be read/, /root/, tunnel(sixInFour, { mtu: 1480, path: unreadable })],

  [
    'tunnel-ttl:tun6to4',
    'warning',
    /as they have left/,
    /^ip tunnel change tun6to4 ttl 64 /,
    tunnel(sixToFour, { ttl: 0 }),
  ],

  [
    'tunnel-input:tun6to4',
    'problem',
    /iptables filter, chain INPUT drops protocol 41 from other sites/,
    /^iptables -I INPUT -p 41 -j ACCEPT$/,
    facts({ ipv4Firewall: input('DROP', '-A INPUT -m state --state ESTABLISHED -j ACCEPT') }),
  ],
  [
    'tunnel-input:tun6to4',
    'ok',
    /comes in/,
    null,
    facts({ ipv4Firewall: input('DROP', '-A INPUT -i eth0 -d 203.0.113.4/32 -p ipv6 -j ACCEPT') }),
  ],
  [
    'tunnel-input:tun6to4',
    'unknown',
    /cannot be told/,
    /See that/,
    facts({ ipv4Firewall: input('DROP', '-A INPUT -s 198.51.100.7/32 -p ipv6 -j ACCEPT') }),
  ],
  [
    'tunnel-input:tun6in4',
    'problem',
    /drops protocol 41 from 192.0.2.99/,
    /^iptables -I INPUT -s 192.0.2.99 -p 41 -j ACCEPT$/,
    facts({ ipv4Firewall: input('DROP', '-A INPUT -s 198.51.100.7/32 -p ipv6 -j ACCEPT') }),
  ],
  [
    'tunnel-input:tun6in4',
    'warning',
    /unless it is an answer/,
    /-s 192.0.2.99/,
    facts({ ipv4Firewall: input('DROP', '-A INPUT -m state --state ESTABLISHED -j ACCEPT') }),
  ],
  ['tunnel-input:tun6to4', 'unknown', /could not be read/, /root/, facts({ ipv4Firewall: unreadable })],

  [
    'tunnel-filter:tun6to4',
    'warning',
    /source of fe80::\/10/,
    /^nft 'table ip6 filter_tun6to4 .* != 2002::\/16 drop; }; }' /,
    withoutTable,
  ],
  [
    'tunnel-filter:tun6to4',
    'warning',
    /the rest of the Internet/,
    /nft/,
    { firewall: ip6tables('-A PREROUTING -s fe80::/10 -j DROP', '-A PREROUTING -s 2002::/16 -j DROP') },
  ],
  [
    'tunnel-filter:tun6to4',
    'warning',
    /2002:c0a8::\/32/,
    /nft/,
    {
      firewall: ip6tables(
        '-A PREROUTING ! -s 2002::/16 -j DROP',
        ...martians.map((each) => `-A PREROUTING -s ${each} -j DROP`),
      ),
    },
  ],
  [
    'tunnel-filter:tun6to4',
    'unknown',
    /cannot be told/,
    /See that it does/,
    { firewall: ip6tables('-A PREROUTING -m rpfilter --invert -j DROP') },
  ],
  ['tunnel-filter:tun6rd', 'warning', /fe80/, /filter_tun6rd(?!.*!= 2002)/, withoutTable],
  ['tunnel-filter:tun6to4', 'unknown', /could not be read/, /root/, { firewall: unreadable }],

  [
    'tunnel-martians:tun6to4',
    'warning',
    /packets for 2002:a00::\/24 leave .* is private \(and 9 more/,
    /^for each in 2002:a00::\/24 .*; do ip -6 route add unreachable/,
    facts({ unreachable: known([prefix('2002::/24')]) }),
  ],
  ['tunnel-martians:tun6to4', 'unknown', /could not be read/, /root/, facts({ unreachable: unreadable })],

  [
    'tunnel-relay:tun6to4',
    'problem',
    /2000::\/3 goes .* by ::192.88.99.1/,
    /^ip -6 route del 2000::\/3 via ::192.88.99.1 dev tun6to4 /,
    tunnel(sixToFour, { routes: known([route('2002::/16'), route('2000::/3', '::192.88.99.1')]) }),
  ],
  [
    'tunnel-relay:tun6to4',
    'ok',
    /the relay of tun6to4 is 192.0.2.1/,
    null,
    tunnel(sixToFour, { routes: known([route('::/0', '::192.0.2.1')]) }),
  ],
  [
    'tunnel-relay:tun6to4',
    'problem',
    /by 2002:c058:6301::1, the 6to4 relay/,
    /via 2002:c058:6301::1 dev/,
    tunnel(sixToFour, { routes: known([route('2002::/16'), route('::/0', '2002:c058:6301::1')]) }),
  ],
  [
    'tunnel-filter:tun6to4',
    'ok',
    /are dropped/,
    null,
    {
      ...tunnel(sixToFour, { routes: known([route('2002::/16'), route('::/0', '::192.0.2.1')]) }),
      firewall: ip6tables('-A PREROUTING -s fe80::/10 -j DROP', '-A PREROUTING -s 2002::/16 -j DROP'),
    },
  ],
  [
    'tunnel-relay:tun6in4',
    'problem',
    /ends at 192.88.99.1/,
    /^ip tunnel del tun6in4/,
    tunnel(sixInFour, { remote: ip('192.88.99.1') }),
  ],
  [
    'tunnel-relay:/i:3',
    'warning',
    /i:3 says "iface t inet6 6to4", which always/,
    /Replace/,
    facts({ relayLines: [{ path: '/i', line: 3, text: 'iface t inet6 6to4' }] }),
  ],

  [
    'tunnel-forwarding:tun6to4',
    'problem',
    /eth1 has 2002:cb00:7104:1::\/64 .* does not forward/,
    /^sysctl -w net\/ipv6\/conf\/all\/forwarding=1/,
    { settings: new Map([['net/ipv6/conf/all/forwarding', 0]]) },
  ],
  [
    'tunnel-forwarding:tun6to4',
    'ok',
    /no LAN/,
    null,
    {
      settings: new Map([['net/ipv6/conf/all/forwarding', 0]]),
      tunnelling: { ...host.tunnelling, tunnels: [sixToFour, sixInFour] },
      ...interfaces(
        link('lo', [], '2002:cb00:7104::53'),
        link('tun6in4', [], '2002:cb00:714d::1'),
        link('tun6to4', []),
      ),
    },
  ],
  ['tunnel-forwarding:tun6rd', 'ok', /no LAN/, null, { settings: new Map([['net/ipv6/conf/all/forwarding', 0]]) }],
  ['tunnel-forwarding:tun6to4', 'unknown', /no such setting/, null, { settings: new Map() }],

  [
    'tunnel-entries',
    'problem',
    /iptables nat, chain PREROUTING .* from 203.0.113.77 to 198.51.100.7:/,
    /^conntrack -D -p 41 --orig-src 203.0.113.77 --orig-dst 198.51.100.7$/,
    gateway(dnat + snat, entry('203.0.113.77', '198.51.100.7')),
  ],
  [
    'tunnel-entries',
    'problem',
    /chain POSTROUTING .* from 192.168.1.10/,
    /--orig-src 192.168.1.10/,
    gateway(dnat + snat, entry('192.168.1.10', '203.0.113.77')),
  ],
  [
    'tunnel-entries',
    'ok',
    /no entry/,
    null,
    gateway(dnat + snat, entry('203.0.113.77', '198.51.100.7', '192.168.1.10') + entry('203.0.113.77', '198.51.100.9')),
  ],
  [
    'tunnel-entries',
    'unknown',
    /could not be read/,
    /root/,
    { tunnelling: { ...gateway(dnat, '').tunnelling!, entries: unreadable } },
  ],
];

describe('each check', () => {
  test.each(cases)('%s: %s, %s', (id, result, found, mend, change) => {
    const finding = find(id, change);
    expect(finding).toMatchObject({ result });
    expect(finding?.found).toMatch(found);
    if (mend) expect(finding?.mend).toMatch(mend);
    else expect(finding?.mend).toBeNull();
  });

  test('every check can turn, and each is seen to be well', () => {
    const turned = new Set(cases.filter(([, result]) => result !== 'ok').map(([id]) => id.split(':')[0]));
    expect(tunnelChecks.map(({ id }) => id).filter((id) => !turned.has(id))).toEqual([]);
  });
});

test('rules for other protocols make no gateway of tunnels, whatever entries there are', () => {
  const rules =
    '-A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 192.168.1.10\n-A POSTROUTING -o wan -j MASQUERADE\n';
  expect(find('tunnel-entries', gateway(rules, entry('203.0.113.77', '198.51.100.7')))).toBeUndefined();
});

describe('without a configuration', () => {
  const missing = { valid: false, message: 'there is no such file', mend: 'Write it.' } as const;
  const ask = (change: Partial<HostFacts>) => runChecks({ ...host, ...change });

  test('a machine with tunnels is well: only it and they are looked at', () => {
    const findings = ask({ config: { ...missing, unneeded: true }, daemon: known(undefined) });
    expect(findings.filter(({ result }) => result !== 'ok')).toEqual([]);
    expect(new Set(findings.map(({ group }) => group))).toEqual(new Set(['configuration', 'this machine', 'tunnels']));
  });

  test('one without tunnels, or one where somebody named a file, has a problem', () => {
    for (const change of [
      { config: { ...missing, unneeded: true }, ...facts({ tunnels: [] }) },
      { config: missing },
    ] as const) {
      expect(ask(change)[0]).toMatchObject({ id: 'configuration', result: 'problem' });
      expect(ask(change).find(({ id }) => id === 'firewall-forward')?.result).toBe('unknown');
    }
  });
});
