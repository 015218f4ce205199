import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultRouting } from '../routing.ts';
import { parseDhcpcdConfig } from '../../backend/dhcpcd/parse-dhcpcd-config.ts';
import { parseIp6tablesSave } from '../../backend/firewall/parse-ip6tables-save.ts';
import { parseNftTable } from '../../backend/firewall/parse-nft-table.ts';
import { ipv4FromNumber } from '../../core/ipv4.ts';
import {
  address,
  healthyHost,
  homeConfig,
  homeDelegation,
  homeReport,
  known,
  now,
  prefix,
} from '../../testing/healthy-host.ts';
import { checks, runChecks } from './checks.ts';
import type { PrefixSource } from '../config.ts';
import type { Finding } from './finding.ts';
import type { DhcpClient, HostFacts, InterfaceFact } from './host-facts.ts';

const find = (id: string, facts: HostFacts): Finding | undefined =>
  runChecks(facts).find((finding) => finding.id === id);

const settings = (changes: Record<string, number | undefined>): Partial<HostFacts> => {
  const map = new Map(healthyHost.settings);
  for (const [path, value] of Object.entries(changes)) {
    if (value === undefined) map.delete(path);
    else map.set(path, value);
  }
  return { settings: map };
};
const unreadable = { known: false, why: 'nft is not permitted: Operation not permitted' } as const;
const links = (name: string, change: Partial<InterfaceFact> | undefined): Partial<HostFacts> => {
  if (!healthyHost.interfaces.known) throw new Error('the healthy host has interfaces');
  const changed = healthyHost.interfaces.value.flatMap((link) => {
    if (link.name !== name) return [link];
    return change ? [{ ...link, ...change }] : [];
  });
  return { interfaces: known(changed) };
};
const clients = (...list: DhcpClient[]): Partial<HostFacts> => ({ dhcpClients: known(list) });
const dhcpcd = (text: string): Partial<HostFacts> => ({
  dhcpcdConfig: known({ path: '/etc/dhcpcd.conf', options: parseDhcpcdConfig(text) }),
});
const firewall = (text: string): Partial<HostFacts> => ({
  firewall: known({ tables: parseIp6tablesSave(text, 'ip6tables'), unread: [] }),
});
const daemon = (change: Partial<typeof homeReport>, alive = true): Partial<HostFacts> => ({
  daemon: known({ report: { ...homeReport, ...change }, alive }),
});
const self = { name: 'dhcpcd', pid: 100 };
const saved = (chain: string, policy: string, rules = ''): string =>
  `*filter\n:${chain} ${policy} [0:0]\n${rules}COMMIT\n`;

const withDhcpcd = (version: string, conf: string): Partial<HostFacts> => ({
  ...dhcpcd(conf),
  tools: new Map([...healthyHost.tools, ['dhcpcd', known(version)]]),
});
const openConfig: Partial<HostFacts> = {
  config: {
    valid: true,
    config: {
      ...homeConfig,
      translations: homeConfig.translations.map((translation) => ({ ...translation, inbound: 'allow' as const })),
    },
    warnings: 0,
  },
};

const ownClient: Partial<HostFacts> = {
  config: {
    valid: true,
    config: {
      ...homeConfig,
      uplinks: [
        {
          name: 'dsl',
          interface: 'eth0',
          source: {
            from: 'dhcpv6',
            ias: 1,
            iaid: 1,
            stateless: false,
            rapidCommit: true,
            firstOffer: false,
            release: false,
          },
        },
      ],
    },
    warnings: 0,
  },
};

const fromSource = (source: PrefixSource, change: Partial<HostFacts> = {}): Partial<HostFacts> => {
  const uplink = { name: 'dsl', interface: 'eth0', source };
  return {
    config: {
      valid: true,
      config: {
        ...homeConfig,
        uplinks: [uplink],
        translations: homeConfig.translations.map((each) => ({ ...each, uplink })),
      },
      warnings: 0,
    },
    ...change,
  };
};
const client = (name: string, ...words: string[]): DhcpClient => ({
  process: { name, pid: 7 },
  orphaned: false,
  arguments: words,
});
const networkd = (settings_: Record<string, string>, file = '/etc/systemd/network/20-eth0.network') =>
  fromSource(
    { from: 'networkd' },
    {
      networkd: known(new Map([['eth0', { state: 'configured', file, settings: new Map(Object.entries(settings_)) }]])),
    },
  );
const nm = (
  device: HostFacts['networkManager'] extends ReadonlyMap<string, infer R> ? R : never,
  source: { of?: string; length?: number } = {},
  change: Partial<HostFacts> = {},
) => fromSource({ from: 'networkmanager', ...source }, { networkManager: new Map([['eth0', device]]), ...change });
const hookText = "events='/run/sixgate/events'\n";
const dhclientHook = '/etc/dhcp/dhclient-exit-hooks.d/sixgate';
const hooked = (
  name: 'dhclient' | 'odhcp6c',
  file: { text: string; executable: boolean } | undefined,
  change: Partial<HostFacts> = {},
) => {
  const path = name === 'dhclient' ? dhclientHook : '/etc/sixgate/odhcp6c-hook';
  return fromSource({ from: 'hook', client: name }, { hooks: new Map([[path, known(file)]]), ...change });
};
const scripted = (file: { text: string; executable: boolean } | undefined): Partial<HostFacts> => ({
  ...dhcpcd('script /etc/sixgate/dhcpcd-hook\ninterface eth0\nia_pd 1'),
  hooks: new Map([['/etc/sixgate/dhcpcd-hook', known(file)]]),
});
const daemonProcess = { name: 'node', pid: homeReport.daemon.pid };
test('a machine in order: every check finds something, all of it ok and without a mend', () => {
  const findings = runChecks(healthyHost);
  // Two are for other sources.
  for (const { id } of checks.filter((check) => !['networkd-config', 'networkmanager'].includes(check.id)))
    expect(findings.map((finding) => finding.id.split(':')[0])).toContain(id);
  expect(findings.filter(({ result, mend }) => result !== 'ok' || mend !== null)).toEqual([]);
  expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
});

type Case = readonly [
  id: string,
  result: Finding['result'],
  found: RegExp,
  mend: RegExp | null,
  change: Partial<HostFacts>,
];

const offloading: HostFacts['config'] = {
  valid: true,
  config: { ...homeConfig, translations: homeConfig.translations.map((each) => ({ ...each, offload: true })) },
  warnings: 0,
};

/** What nft 1.0.6 printed. */
const printed = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../backend/firewall/samples', `nft-1.0.6-${name}.json`), 'utf8');
const offloadingBeside = (...texts: string[]): Partial<HostFacts> => {
  const tables = texts.map(parseNftTable).flatMap((read) => (read.known ? [read.value] : []));
  expect(tables).toHaveLength(texts.length);
  return { config: offloading, firewall: known({ tables, unread: [] }) };
};
const foreignFlowtable = (devices: string[], ...matches: object[]): string =>
  JSON.stringify({
    nftables: [
      { table: { family: 'inet', name: 'mine' } },
      { flowtable: { family: 'inet', name: 'f', table: 'mine', handle: 2, hook: 'ingress', prio: 0, dev: devices } },
      {
        chain: { family: 'inet', table: 'mine', name: 'c', type: 'filter', hook: 'forward', prio: 0, policy: 'accept' },
      },
      {
        rule: {
          family: 'inet',
          table: 'mine',
          chain: 'c',
          expr: [...matches, { flow: { op: 'add', flowtable: '@f' } }],
        },
      },
    ],
  });
const onlyFamily = (right: string) => ({ match: { op: '==', left: { meta: { key: 'nfproto' } }, right } });

const cases: readonly Case[] = [
  [
    'configuration',
    'problem',
    /^config.yaml:1:1: no$/,
    /^sixgate check$/,
    { config: { valid: false, message: 'config.yaml:1:1: no', mend: 'sixgate check' } },
  ],
  [
    'configuration',
    'warning',
    /2 warning/,
    /sixgate check/,
    { config: { valid: true, config: homeConfig, warnings: 2 } },
  ],
  ['node', 'problem', /v18.1.0 is older/, /Node 20/, { nodeVersion: 'v18.1.0' }],
  ['clock', 'problem', /1970-01-01.* before sixgate was made/, /timedatectl/, { now: 1000 }],
  ['clock', 'warning', /nobody keeps the clock set/, /timedatectl/, { clockKept: false }],
  ['clock', 'ok', /^20/, null, { clockKept: true }],
  ['clock', 'warning', /it went back/, /timedatectl/, { now: now - 3_600_000 }],
  [
    'tool:conntrack',
    'problem',
    /conntrack is missing.*moving flows/,
    /^apt install conntrack$/,
    { tools: new Map([['conntrack', known(null)]]) },
  ],
  ['tool:nft', 'unknown', /killed/, null, { tools: new Map([['nft', { known: false, why: 'nft was killed' }]]) }],
  ['ruleset', 'problem', /refused: nft says no/, /nft_nat/, { rulesetRefused: known('nft says no') }],
  ['ruleset', 'unknown', /not permitted/, /root/, { rulesetRefused: unreadable }],
  ['conntrack', 'warning', /700 of at most 1000 \(70 %\)/, /nf_conntrack_max=2000/, { flows: known(700) }],
  ['conntrack', 'problem', /about to be dropped/, /nf_conntrack_max=2000/, { flows: known(900) }],
  ['conntrack', 'unknown', /not permitted/, /root/, { flows: unreadable }],
  ['conntrack', 'ok', /^10 flows$/, null, settings({ 'net/netfilter/nf_conntrack_max': undefined })],
  ['tcp-loose', 'warning', /breaks/, /tcp_loose=1/, settings({ 'net/netfilter/nf_conntrack_tcp_loose': 0 })],
  ['tcp-loose', 'unknown', /no such setting/, null, settings({ 'net/netfilter/nf_conntrack_tcp_loose': undefined })],
  ['offload', 'ok', /takes a flowtable/, null, { config: offloading, flowtables: { taken: true } }],
  [
    'offload',
    'problem',
    /\(nft says no\)/,
    /nf_flow_table/,
    { config: offloading, flowtables: { taken: false, why: 'nft says no' } },
  ],
  ['offload', 'unknown', /not asked/, null, { config: offloading }],
  ['offload-rules', 'ok', /no flows are to be offloaded/, null, {}],
  ['offload-rules', 'ok', /has to see every packet/, null, offloadingBeside()],
  [
    'offload-rules',
    'warning',
    /^only the first packets of offloaded flows come to inet filter, chain forward \(limit, quota, counter, set, length, DSCP, hop limit, time of day, chance, bytes of the flow\); inet filter, chain voice \(counter\); inet filter, chain shape \(DSCP, priority, hop limit, mark, header, trace\)$/,
    /take "offload: true" out.*"ct state new"/,
    offloadingBeside(printed('packet-work')),
  ],
  [
    'offload-rules',
    'warning',
    /ip6tables mangle, chain PREROUTING \(mark\)$/,
    /--ctstate NEW/,
    {
      config: offloading,
      ...firewall('*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -i eth2 -j MARK --set-xmark 0x1/0xffffffff\n'),
    },
  ],
  [
    'offload-rules',
    'ok',
    /has to see every packet/,
    null,
    {
      config: offloading,
      ...firewall('*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -i eth9 -j MARK --set-xmark 0x1/0xffffffff\n'),
    },
  ],
  [
    'offload-rules:flowtables',
    'warning',
    /handed over to inet mine, flowtable f \(eth0, eth1\) as well/,
    /meta nfproto ipv4/,
    offloadingBeside(foreignFlowtable(['eth0', 'eth1', 'eth9'], onlyFamily('ipv6'))),
  ],
  ['offload-rules', 'ok', /every packet/, null, offloadingBeside(foreignFlowtable(['eth0'], onlyFamily('ipv4')))],
  ['offload-rules', 'ok', /every packet/, null, offloadingBeside(foreignFlowtable(['eth8', 'eth9']))],
  ['offload-rules', 'unknown', /the firewall could not be read/, /root/, { config: offloading, firewall: unreadable }],
  [
    'offload-rules',
    'unknown',
    /table inet x could not be read: so/,
    null,
    { config: offloading, firewall: known({ tables: [], unread: [{ name: 'inet x', why: 'so' }] }) },
  ],
  [
    'ipv6-disabled:eth2',
    'problem',
    /switched off at eth2/,
    /^sysctl -w net\/ipv6\/conf\/eth2\/disable_ipv6=0 /,
    settings({ 'net/ipv6/conf/eth2/disable_ipv6': 1 }),
  ],
  [
    'dhcpcd-version',
    'problem',
    /dhcpcd.conf:2: "-" in ia_pd is known from dhcpcd 10.0.6 on; 9.4.1/,
    /^sixgate generate uplink --for dhcpcd --interface eth0 --length 58 /,
    withDhcpcd('9.4.1', 'interface eth0\nia_pd 1/::/58 -\n'),
  ],
  ['dhcpcd-version', 'ok', /10.0.6/, null, withDhcpcd('10.0.6', 'interface eth0\nia_pd 1/::/58 -\n')],
  [
    'dhcpcd-version',
    'problem',
    /9.1.0 does not take a DUID/,
    /upgrade/,
    withDhcpcd('9.1.0', 'duid 00:03:00:01:02:00:5e:10:00:01\ninterface eth0\nia_pd 1/::/58\n'),
  ],
  [
    'dhcpcd-version',
    'warning',
    /every neighbour/,
    /Remove/,
    withDhcpcd('10.1.0', 'noauthrequired\ninterface eth0\nia_pd 1/::/58\n'),
  ],
  ['inbound:dsl', 'warning', /nothing stops unasked flows from eth0/, /inbound: deny/, openConfig],
  [
    'inbound:dsl',
    'ok',
    /a firewall stops/,
    null,
    { ...openConfig, ...firewall(saved('FORWARD', 'DROP', '-A FORWARD -i eth1 -j ACCEPT\n')) },
  ],
  ['interface:eth0', 'problem', /eth0 of uplink dsl is not there/, /configuration/, links('eth0', undefined)],
  ['interface:eth1', 'problem', /is down/, /^ip link set dev eth1 up$/, links('eth1', { up: false })],
  ['interface:eth0', 'problem', /no carrier/, /cable/, links('eth0', { carrier: false })],
  ['interface:eth1', 'warning', /no carrier/, /cable/, links('eth1', { carrier: false })],
  ['interface:eth1', 'unknown', /could not be read/, /root/, { interfaces: unreadable }],
  ['mtu:eth0', 'problem', /1279 bytes, and IPv6 needs 1280/, /mtu 1280$/, links('eth0', { mtu: 1279 })],
  ['mtu:eth0', 'ok', /1280/, null, links('eth0', { mtu: 1280 })],
  ['mtu:eth2', 'problem', /1000 bytes, and IPv6 needs 1280/, /dev eth2 mtu 1280$/, links('eth2', { mtu: 1000 })],
  ['mtu:eth0', 'ok', /1500 bytes, of IPv6 up to 1492$/, null, settings({ 'net/ipv6/conf/eth0/mtu': 1492 })],
  [
    'mtu:eth0',
    'warning',
    /is not heeded/,
    /^sysctl .*accept_ra_mtu/,
    settings({ 'net/ipv6/conf/eth0/accept_ra_mtu': 0 }),
  ],
  ['mtu:eth1', 'ok', /1500 bytes$/, null, settings({ 'net/ipv6/conf/eth1/accept_ra_mtu': 0 })],
  [
    'forwarding',
    'problem',
    /does not forward/,
    /^sysctl -w net\/ipv6\/conf\/all\/forwarding=1 /,
    settings({ 'net/ipv6/conf/all/forwarding': 0 }),
  ],
  ['forwarding', 'unknown', /could not be read/, null, settings({ 'net/ipv6/conf/all/forwarding': undefined })],
  ['forwarding:eth1', 'warning', /no router/, /eth1\/forwarding=1/, settings({ 'net/ipv6/conf/eth1/forwarding': 0 })],
  ['accept-ra:eth0', 'warning', /lifetime ends/, /accept_ra=2/, settings({ 'net/ipv6/conf/eth0/accept_ra': 1 })],
  [
    'accept-ra:eth0',
    'ok',
    /kernel hears/,
    null,
    settings({ 'net/ipv6/conf/eth0/accept_ra': 1, 'net/ipv6/conf/eth0/forwarding': 0 }),
  ],
  [
    'accept-ra:eth0',
    'problem',
    /no default route/,
    /accept_ra=2/,
    { ...settings({ 'net/ipv6/conf/eth0/accept_ra': 1 }), defaultRoutes: known([]) },
  ],
  ['accept-ra:eth0', 'warning', /accept_ra is 0/, /accept_ra=2/, settings({ 'net/ipv6/conf/eth0/accept_ra': 0 })],
  [
    'accept-ra:eth0',
    'ok',
    /dhcpcd hears/,
    null,
    { ...settings({ 'net/ipv6/conf/eth0/accept_ra': 0 }), ...dhcpcd('interface eth0\nia_pd 1') },
  ],
  [
    'accept-ra:eth0',
    'ok',
    /static/,
    null,
    {
      ...settings({ 'net/ipv6/conf/eth0/accept_ra': 0 }),
      defaultRoutes: known([{ interface: 'eth0', protocol: 'static' }]),
    },
  ],
  [
    'default-route:eth0',
    'problem',
    /no default route through eth0/,
    /accept_ra/,
    { defaultRoutes: known([{ interface: 'eth9', protocol: 'ra' }]) },
  ],
  [
    'uplinks:dsl',
    'warning',
    /of dsl only the cable of eth0 and its default route count/,
    /health: \{\}/,
    { config: { valid: true, config: { ...homeConfig, routing: defaultRouting }, warnings: 0 } },
  ],
  ['default-route:eth0', 'unknown', /could not be read/, /root/, { defaultRoutes: unreadable }],
  [
    'address:lan',
    'problem',
    /eth1 has no address of subnet lan/,
    /^ip -6 address add fd12:3456:789a::1\/64 dev eth1$/,
    links('eth1', { addresses: [] }),
  ],
  [
    'address:lan',
    'problem',
    /no address of subnet lan/,
    /ip -6/,
    links('eth1', { addresses: [{ address: address('fd12:3456:789a:1::1'), length: 64, duplicate: false }] }),
  ],
  [
    'address:lan',
    'problem',
    /somebody else/,
    /neighbour/,
    links('eth1', { addresses: [{ address: address('fd12:3456:789a::1'), length: 64, duplicate: true }] }),
  ],
  [
    'address:lan',
    'warning',
    /on this link/,
    /ip -6/,
    links('eth1', { addresses: [{ address: address('fd12:3456:789a::1'), length: 128, duplicate: false }] }),
  ],
  [
    'source-address',
    'warning',
    /inside address fd12:3456:789a::1/,
    /address of its own/,
    { ownSource: known(address('fd12:3456:789a::1')) },
  ],
  ['source-address', 'unknown', /no route/, null, { ownSource: known(null) }],
  [
    'address-preference',
    'warning',
    /eth1 have IPv4 too/,
    /label ::\/0 1.*label fd12:3456:789a::\/58 1\. Windows: netsh interface ipv6 add prefixpolicy fd12:3456:789a::\/58 45 1\. Or/,
    links('eth1', { ipv4: [ipv4FromNumber(0xc0000201)] }),
  ],
  ['address-preference', 'ok', /no IPv4/, null, links('eth0', { ipv4: [ipv4FromNumber(0xc0000201)] })],
  ['dhcp-client:eth0', 'problem', /no DHCPv6 client/, /dhcpcd/, clients()],
  [
    'dhcp-client:eth0',
    'problem',
    /no DHCPv6 client/,
    /dhcpcd/,
    clients({ interface: 'eth5', process: self, orphaned: false }),
  ],
  [
    'dhcp-client:eth0',
    'problem',
    /systemd-network \(process 7\)/,
    /leave DHCPv6/,
    clients(
      { process: self, orphaned: false },
      { interface: 'eth0', process: { name: 'systemd-network', pid: 7 }, orphaned: false },
    ),
  ],
  ['dhcp-client:eth0', 'problem', /that is gone/, /^kill -KILL 100$/, clients({ process: self, orphaned: true })],
  [
    'dhcp-client:eth0',
    'warning',
    /2 dhcpcd/,
    /one dhcpcd/,
    clients({ process: self, orphaned: false }, { process: { name: 'dhcpcd', pid: 101 }, orphaned: false }),
  ],
  ['dhcp-client:eth0', 'unknown', /which program/, /root/, clients({ orphaned: false })],
  [
    'dhcp-client:eth0',
    'ok',
    /^sixgate's DHCPv6 client listens on eth0/,
    null,
    { ...ownClient, ...clients({ interface: 'eth0', process: daemonProcess, orphaned: false }) },
  ],
  [
    'dhcp-client:eth0',
    'problem',
    /^dhcpcd \(process 100\) is a DHCPv6 client on eth0, so sixgate's own gets no answers$/,
    /^Use it: write "prefix: \{ from: dhcpcd \}" for this uplink\. Or stop it/,
    { ...ownClient, ...clients({ process: self, orphaned: false }) },
  ],
  [
    'dhcp-client:eth0',
    'problem',
    /^NetworkManager \(process 9\)/,
    /^nmcli connection modify .* ipv6\.method ignore && nmcli device reapply eth0 && sleep 2 && sysctl -w .*disable_ipv6=0$/,
    { ...ownClient, ...clients({ process: { name: 'NetworkManager', pid: 9 }, orphaned: false }) },
  ],
  [
    'dhcp-client:eth0',
    'problem',
    /^mystery \(process 9\)/,
    /^Stop it, or tell it to leave DHCPv6 on eth0 alone\.$/,
    { ...ownClient, ...clients({ process: { name: 'mystery', pid: 9 }, orphaned: false }) },
  ],
  [
    'dhcp-client:eth0',
    'problem',
    /waits for the interface/,
    /^ip -6 address show dev eth0/,
    { ...ownClient, ...clients() },
  ],
  [
    'dhcp-client:eth0',
    'problem',
    /the daemon does not run/,
    /restart sixgate/,
    { ...ownClient, ...clients(), ...daemon({}, false) },
  ],
  ['dhcp-client:eth0', 'unknown', /which program/, /root/, { ...ownClient, ...clients({ orphaned: false }) }],
  [
    'dhcp-client:eth0',
    'unknown',
    /is the daemon/,
    null,
    { ...ownClient, ...clients(client('node')), daemon: { known: false, why: 'x' } },
  ],
  [
    'dhcp-client:eth0',
    'ok',
    /^systemd-network listens/,
    null,
    fromSource({ from: 'networkd' }, clients(client('systemd-network'))),
  ],
  [
    'dhcp-client:eth0',
    'problem',
    /^dhcpcd \(process 7\) is the DHCPv6 client on eth0, and not systemd-network$/,
    /restart systemd-networkd/,
    fromSource({ from: 'networkd' }, clients(client('dhcpcd'))),
  ],
  [
    'dhcp-client:eth0',
    'problem',
    /no DHCPv6 client/,
    /^systemctl restart NetworkManager$/,
    fromSource({ from: 'networkmanager' }, clients()),
  ],
  [
    'dhcp-client:eth0',
    'ok',
    /^dhclient listens/,
    null,
    fromSource({ from: 'hook', client: 'dhclient' }, clients(client('dhclient', '-6', '-P', 'eth0'))),
  ],
  [
    'dhcp-client:eth0',
    'problem',
    /^dhclient \(process 7\) asks for no prefix.*without -P/,
    /dhclient -6 -P eth0/,
    fromSource({ from: 'hook', client: 'dhclient' }, clients(client('dhclient', '-6', 'eth0'))),
  ],
  [
    'dhcp-client:eth0',
    'ok',
    /^odhcp6c listens/,
    null,
    fromSource({ from: 'hook', client: 'odhcp6c' }, clients(client('odhcp6c', '-P56', 'eth0'))),
  ],
  ['networkd-config:eth0', 'ok', /asks for a prefix/, null, networkd({ 'IPv6AcceptRA.DHCPv6Client': 'always' })],
  [
    'networkd-config:eth0',
    'ok',
    /asks for a prefix/,
    null,
    networkd({ 'Network.DHCP': 'ipv6', 'DHCPv6.WithoutRA': 'solicit' }),
  ],
  ['networkd-config:eth0', 'warning', /M flag/, /DHCPv6Client=always/, networkd({ 'Network.DHCP': 'yes' })],
  ['networkd-config:eth0', 'warning', /M flag/, /DHCPv6Client=always/, networkd({ 'DHCPv6.WithoutRA': 'solicit' })],
  [
    'networkd-config:eth0',
    'problem',
    /keeps DHCPv6 off/,
    /--for networkd/,
    networkd({ 'IPv6AcceptRA.DHCPv6Client': 'no' }),
  ],
  [
    'networkd-config:eth0',
    'problem',
    /UseDelegatedPrefix=no/,
    /Remove/,
    networkd({ 'IPv6AcceptRA.DHCPv6Client': 'always', 'DHCPv6.UseDelegatedPrefix': 'no' }),
  ],
  ['networkd-config:eth0', 'problem', /no \.network file for eth0/, /--for networkd/, fromSource({ from: 'networkd' })],
  [
    'networkd-config:eth0',
    'unknown',
    /could not be read/,
    null,
    fromSource({ from: 'networkd' }, { networkd: { known: false, why: 'no bus' } }),
  ],
  [
    'networkmanager:eth0',
    'ok',
    /was delegated 2001:db8:a:aa80::\/58/,
    null,
    nm(known({ state: 100, prefixes: [homeDelegation.prefix] })),
  ],
  [
    'networkmanager:eth0',
    'problem',
    /does not manage eth0/,
    /--for networkmanager/,
    nm(known({ state: 10, prefixes: undefined })),
  ],
  [
    'networkmanager:eth0',
    'problem',
    /names no delegated prefix/,
    /write "of" and "length"/,
    nm(known({ state: 100, prefixes: undefined })),
  ],
  [
    'networkmanager:eth0',
    'problem',
    /names no delegated prefix/,
    /writes one\)\.$/,
    nm(known({ state: 100, prefixes: undefined }), { of: 'pd0', length: 58 }, { delegations: known([]) }),
  ],
  [
    'networkmanager:eth0',
    'ok',
    /numbers pd0 out of/,
    null,
    nm(
      known({ state: 100, prefixes: undefined }),
      { of: 'pd0', length: 58 },
      {
        interfaces: known([
          {
            name: 'pd0',
            up: true,
            carrier: true,
            mtu: 1500,
            ipv4: [],
            addresses: [{ address: address('2001:db8:a:aa80::1'), length: 64, duplicate: false }],
          },
        ]),
      },
    ),
  ],
  [
    'networkmanager:eth0',
    'problem',
    /names no delegated prefix/,
    /writes one/,
    nm(known({ state: 100, prefixes: undefined }), { of: 'pd0', length: 58 }),
  ],
  ['networkmanager:eth0', 'unknown', /could not be read/, null, nm({ known: false, why: 'not running' })],
  ['hook:eth0', 'ok', /control socket/, null, {}],
  ['hook:eth0', 'ok', /dhcpcd runs \/etc\/sixgate\/dhcpcd-hook/, null, scripted({ text: hookText, executable: true })],
  [
    'hook:eth0',
    'problem',
    /no hook for dhcpcd/,
    /--for dhcpcd --interface eth0 --length 56 --out \/ --force/,
    scripted(undefined),
  ],
  [
    'hook:eth0',
    'problem',
    /not executable/,
    /^chmod 755 \/etc\/sixgate\/dhcpcd-hook$/,
    scripted({ text: hookText, executable: false }),
  ],
  ['hook:eth0', 'ok', /tells of dhclient/, null, hooked('dhclient', { text: hookText, executable: false })],
  ['hook:eth0', 'problem', /no hook for dhclient/, /--for dhclient --interface eth0/, hooked('dhclient', undefined)],
  ['hook:eth0', 'problem', /not executable/, /chmod/, hooked('odhcp6c', { text: hookText, executable: false })],
  [
    'hook:eth0',
    'problem',
    /leaves its events in \/tmp\/x/,
    /events=\/run\/sixgate\/events/,
    hooked('dhclient', { text: 'events=/tmp/x\n', executable: true }),
  ],
  [
    'hook:eth0',
    'warning',
    /no prefix has been heard of/,
    /Restart dhclient/,
    hooked('dhclient', { text: hookText, executable: true }, { delegations: known([]) }),
  ],
  [
    'accept-ra:eth0',
    'ok',
    /^networkd hears/,
    null,
    fromSource({ from: 'networkd' }, settings({ 'net/ipv6/conf/eth0/accept_ra': 0 })),
  ],
  [
    'dhcpcd-config:eth0:script',
    'problem',
    /dhcpcd.conf:2: "script" stands in the block of eth0/,
    /script \/x/,
    dhcpcd('interface eth0\nscript /x\nia_pd 1'),
  ],
  [
    'dhcpcd-config:eth0:ia-pd',
    'problem',
    /asks for no prefix/,
    /^sixgate generate uplink --for dhcpcd --interface eth0 --length 58/,
    dhcpcd('interface eth1\nia_pd 1'),
  ],
  [
    'dhcpcd-config:eth0:length',
    'warning',
    /asks for a \/56, and the configuration of sixgate says \/58/,
    /length: 56/,
    dhcpcd('interface eth0\nia_pd 1/::/56 -'),
  ],
  ['dhcpcd-config:eth0:noipv6', 'problem', /turns DHCPv6 off/, /Remove/, dhcpcd('noipv6\ninterface eth0\nia_pd 1')],
  [
    'dhcpcd-config:eth0:interfaces',
    'problem',
    /keeps dhcpcd away from eth0/,
    /served/,
    dhcpcd('denyinterfaces veth* eth*\ninterface eth0\nia_pd 1'),
  ],
  [
    'dhcpcd-config:eth0:interfaces',
    'problem',
    /allowinterfaces wan0/,
    /served/,
    dhcpcd('allowinterfaces wan0\ninterface eth0\nia_pd 1'),
  ],
  [
    'dhcpcd-config:eth0',
    'ok',
    /asks for a prefix/,
    null,
    dhcpcd('allowinterfaces eth*\ndenyinterfaces veth*\ninterface eth0\nia_pd 1/::/58 -'),
  ],
  ['dhcpcd-config:eth0', 'unknown', /no such file/, null, { dhcpcdConfig: known(undefined) }],
  ['delegation:dsl', 'problem', /no delegated prefix/, /guard holds/, { delegations: known([]) }],
  [
    'delegation:dsl',
    'problem',
    /no delegated prefix/,
    /guard holds/,
    { delegations: known([{ ...homeDelegation, validUntil: now }]) },
  ],
  [
    'delegation:dsl',
    'warning',
    /no longer for new flows/,
    /USR1/,
    { delegations: known([{ ...homeDelegation, preferredUntil: now - 1 }]) },
  ],
  [
    'delegation:dsl',
    'ok',
    /valid for ever/,
    null,
    { delegations: known([{ ...homeDelegation, preferredUntil: Infinity, validUntil: Infinity }]) },
  ],
  [
    'delegation:dsl:size',
    'warning',
    /leaves no prefix for remote/,
    /larger/,
    { delegations: known([{ ...homeDelegation, prefix: prefix('2001:db8:a:aa80::/63') }]) },
  ],
  ['delegation:dsl', 'unknown', /could not be read/, /root/, { delegations: unreadable }],
  ...(['networkmanager', 'networkd'] as const).map(
    (from): [string, Finding['result'], RegExp, RegExp, Partial<HostFacts>] => [
      'firewall-dhcpv6:eth0',
      'problem',
      /chain INPUT drops/,
      /--dport 546/,
      fromSource({ from }, firewall(saved('INPUT', 'DROP'))),
    ],
  ),
  [
    'firewall-dhcpv6:eth0',
    'problem',
    /chain INPUT drops/,
    /--dport 546/,
    fromSource({ from: 'hook', client: 'dhclient' }, firewall(saved('INPUT', 'DROP'))),
  ],
  [
    'firewall-dhcpv6:eth0',
    'problem',
    /ip6tables filter, chain INPUT drops/,
    /--dport 546 -j ACCEPT$/,
    { ...ownClient, ...firewall(saved('INPUT', 'DROP')) },
  ],
  [
    'firewall-dhcpv6:eth0',
    'problem',
    /ip6tables filter, chain INPUT drops/,
    /^ip6tables -I INPUT -i eth0 -p udp --sport 547 --dport 546 -j ACCEPT$/,
    firewall(saved('INPUT', 'DROP')),
  ],
  [
    'firewall-dhcpv6:eth0',
    'ok',
    /come in on eth0/,
    null,
    firewall(saved('INPUT', 'DROP', '-A INPUT -s fe80::/10 -p udp -m udp --dport 546 -j ACCEPT\n')),
  ],
  [
    'firewall-dhcpv6:eth0',
    'unknown',
    /cannot be told/,
    /See that/,
    firewall(saved('INPUT', 'DROP', '-A INPUT -m set --match-set x src -j ACCEPT\n')),
  ],
  ['firewall-dhcpv6:eth0', 'unknown', /could not be read/, /root/, { firewall: unreadable }],
  [
    'firewall-dhcpv6:eth0',
    'unknown',
    /table inet other could not be read: rubbish/,
    null,
    { firewall: known({ tables: [], unread: [{ name: 'inet other', why: 'rubbish' }] }) },
  ],
  [
    'firewall-neighbours',
    'problem',
    /router advertisements on eth0/,
    /icmpv6-type 134/,
    firewall(saved('INPUT', 'DROP', '-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT\n')),
  ],
  [
    'firewall-icmpv6',
    'problem',
    /"packet too big" for flows of lan/,
    /ESTABLISHED,RELATED/,
    firewall(saved('FORWARD', 'DROP', '-A FORWARD -m state --state ESTABLISHED -j ACCEPT\n')),
  ],
  [
    'firewall-icmpv6',
    'problem',
    /"packet too big" that this router sends to lan/,
    /-I OUTPUT -p icmpv6 --icmpv6-type packet-too-big/,
    firewall(saved('OUTPUT', 'DROP', '-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n')),
  ],
  [
    'firewall-icmpv6',
    'ok',
    /RFC 4890/,
    null,
    firewall(saved('FORWARD', 'DROP', '-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT\n')),
  ],
  [
    'firewall-forward:servers',
    'problem',
    /new connections from servers/,
    /-i eth2 -o eth0/,
    firewall(saved('FORWARD', 'DROP', '-A FORWARD -i eth1 -j ACCEPT\n')),
  ],
  [
    'firewall-forward:servers',
    'problem',
    /answers from the Internet/,
    /ESTABLISHED,RELATED/,
    firewall(saved('FORWARD', 'DROP', '-A FORWARD ! -i eth0 -j ACCEPT\n')),
  ],
  [
    'foreign-nat',
    'problem',
    /same priority as sixgate/,
    /leave out home/,
    firewall('*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j MASQUERADE\n'),
  ],
  [
    'foreign-nat',
    'ok',
    /nobody else/,
    null,
    firewall('*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s fd99::/16 -o eth0 -j MASQUERADE\n'),
  ],
  [
    'foreign-nat',
    'warning',
    /may translate/,
    /leave out home/,
    firewall('*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -m mark --mark 0x1 -j MASQUERADE\n'),
  ],
  ['between-lans', 'ok', /all subnets reach each other/, null, {}],
  ['between-lans', 'ok', /a firewall decides/, null, firewall(saved('FORWARD', 'DROP'))],
  ['daemon', 'problem', /is not running: no change/, /start sixgate/, { daemon: known(undefined) }],
  ['daemon', 'problem', /last word of it is 1 s old/, /start sixgate/, daemon({}, false)],
  [
    'daemon',
    'warning',
    /sixgate 1.2.2 is running, and this is 1.2.3/,
    /restart/,
    daemon({ daemon: { ...homeReport.daemon, version: '1.2.2' } }),
  ],
  [
    'daemon:client-missing',
    'warning',
    /says: no dhcpcd/,
    /Start it/,
    daemon({ problems: [{ code: 'client-missing', message: 'no dhcpcd', mend: 'Start it.', since: 'x' }] }),
  ],
  ['daemon', 'unknown', /could not be read/, /root/, { daemon: unreadable }],
  [
    'in-force',
    'problem',
    /fd12::\/58 is ours \(and 1 more\)/,
    /^sixgate apply$/,
    {
      steps: known([
        { do: 'add-route', prefix: 'fd12::/58', because: 'fd12::/58 is ours' },
        { do: 'remove-table', table: 'ip6 x', because: 'x' },
      ]),
    },
  ],
  ['in-force', 'unknown', /could not be read/, /root/, { steps: unreadable }],
  ['fail-over', 'ok', /has no twin/, null, {}],
  ['fail-over', 'ok', /is the active one of two since/, null, { role: { is: 'active', since: now } }],
  ['fail-over', 'problem', /nobody has said/, /keepalived/, { role: { is: 'passive' } }],
  ['fail-over', 'problem', /could not take over/, /ip -br link/, { role: { is: 'fault', since: now } }],
  ['firewall-pinholes:dsl', 'unknown', /could not be read/, /root/, { firewall: unreadable }],
  [
    'firewall-pinholes:dsl',
    'problem',
    /from the Internet to fd12:3456:789a:1::10, tcp 443/,
    /^ip6tables -I FORWARD -d fd12:3456:789a:1::10 -p tcp --dport 443 -m conntrack --ctstate DNAT -j ACCEPT$/,
    firewall('*filter\n:FORWARD DROP [0:0]\n'),
  ],
  [
    'firewall-pinholes:dsl',
    'ok',
    /what pinholes let in/,
    null,
    firewall('*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate DNAT -j ACCEPT\n'),
  ],
  [
    'firewall-pinholes:dsl',
    'problem',
    /drops/,
    /^ufw route allow proto tcp to fd12:3456:789a:1::10 port 443$/,
    firewall('*filter\n:FORWARD DROP [0:0]\n:ufw6-before-forward - [0:0]\n'),
  ],
  [
    'firewall-forward:lan',
    'problem',
    /drops new connections/,
    /^ufw route allow in on eth1 out on eth0$/,
    firewall('*filter\n:FORWARD DROP [0:0]\n:ufw6-before-forward - [0:0]\n'),
  ],
  [
    'firewall-forward:lan',
    'problem',
    /drops new connections/,
    /^ip6tables -I DOCKER-USER -i eth1 -o eth0 -j ACCEPT$/,
    firewall('*filter\n:FORWARD DROP [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n'),
  ],
  [
    'chains',
    'problem',
    /nothing calls/,
    /^ip6tables -t nat/,
    {
      config: { valid: true, warnings: 0, config: { ...homeConfig, backend: 'ip6tables' } },
      awaited: known([{ code: 'chain-not-called', message: 'nothing calls it', mend: 'ip6tables -t nat -I A -j B' }]),
    },
  ],
  [
    'chains',
    'ok',
    /are called/,
    null,
    { config: { valid: true, warnings: 0, config: { ...homeConfig, backend: 'ip6tables' } } },
  ],
  ['held-guard', 'warning', /not held/, /sixgate run/, { ownTables: known(['inet sixgate_guard']) }],
  ['held-guard', 'unknown', /could not be read/, /root/, { ownTables: unreadable }],
];

test('the passive one of two routers has no prefix, no client and no address in the subnets, and that is in order', () => {
  const bare = { ...healthyHost, ...clients(), ...links('eth1', { addresses: [] }), delegations: known([]) };
  expect(runChecks(bare).filter(({ result }) => result === 'problem')).not.toEqual([]);
  const passive = runChecks({ ...bare, role: { is: 'passive', since: now - 1000 } });
  expect(passive.filter(({ result }) => result !== 'ok')).toEqual([]);
});

describe('each check', () => {
  test.each(cases)('%s: %s, %s', (id, result, found, mend, change) => {
    const finding = find(id, { ...healthyHost, ...change });
    expect(finding).toMatchObject({ result });
    expect(finding?.found).toMatch(found);
    if (mend) expect(finding?.mend).toMatch(mend);
    else expect(finding?.mend).toBeNull();
  });

  test('every check can turn', () => {
    const turned = new Set(cases.filter(([, result]) => result !== 'ok').map(([id]) => id.split(':')[0]));
    expect(checks.map(({ id }) => id).filter((id) => !turned.has(id))).toEqual(['between-lans']); // a note only
  });
});

const plain = JSON.parse(printed('plain')) as Record<string, object>;
test.each(Object.keys(plain))('offload is not warned of beside plain rules: %s', (name) => {
  const findings = runChecks({ ...healthyHost, ...offloadingBeside(JSON.stringify(plain[name])) });
  expect(findings.filter(({ id }) => id.startsWith('offload-rules')).map(({ result }) => result)).toEqual(['ok']);
});

test('while the configuration is invalid, what needs it is unknown and what does not is told', () => {
  const findings = runChecks({ ...healthyHost, config: { valid: false, message: 'no', mend: 'do' } });
  const results = new Map(findings.map(({ id, result }) => [id, result]));
  expect(results.get('configuration')).toBe('problem');
  expect(results.get('firewall-forward')).toBe('unknown');
  expect(results.get('node')).toBe('ok');
  expect(results.get('daemon')).toBe('ok');
});

test('what a shell would read is quoted in a command', () => {
  const name = "a;rm$(x)'b";
  const config = { ...homeConfig, uplinks: [{ ...homeConfig.uplinks[0]!, interface: name }] };
  const link = { name, up: false, carrier: false, mtu: 1500, ipv4: [], addresses: [] };
  const facts = { ...healthyHost, config: { valid: true, config, warnings: 0 }, interfaces: known([link]) } as const;
  expect(find(`interface:${name}`, facts)?.mend).toBe(String.raw`ip link set dev 'a;rm$(x)'\''b' up`);
});
