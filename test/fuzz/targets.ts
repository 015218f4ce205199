import { Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import { readdirSync, readFileSync } from 'node:fs';
import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { join } from 'node:path';
import { findDetours, parseLinks } from '../../src/backend/bpf/detours.ts';
import { parseFilters } from '../../src/backend/bpf/filters.ts';
import { parseFlows, deleteStale } from '../../src/backend/conntrack/flow-commands.ts';
import { parseTunnelEntries } from '../../src/backend/conntrack/parse-tunnel-entries.ts';
import { createFrameReader } from '../../src/backend/dhcpcd/frame-reader.ts';
import { parseDhcpcdConfig } from '../../src/backend/dhcpcd/parse-dhcpcd-config.ts';
import { parseLeaseReport } from '../../src/backend/dhcpcd/parse-lease-report.ts';
import { decodeMessage } from '../../src/backend/dhcpv6/decode-message.ts';
import { encodeMessage } from '../../src/backend/dhcpv6/encode-message.ts';
import { parseIp6tablesSave } from '../../src/backend/firewall/parse-ip6tables-save.ts';
import { parseNftTable } from '../../src/backend/firewall/parse-nft-table.ts';
import { isHookEvent, parseHookEvent } from '../../src/backend/hook/parse-hook-event.ts';
import { findRelayLines } from '../../src/backend/ifupdown/find-relay-lines.ts';
import { parseAddressPrefixes } from '../../src/backend/ip/parse-address-prefixes.ts';
import { parseDefaultRoutes, parseRouteSource } from '../../src/backend/ip/parse-default-routes.ts';
import { parseInterfaces } from '../../src/backend/ip/parse-interfaces.ts';
import { parseIpv4Addresses } from '../../src/backend/ip/parse-ipv4-addresses.ts';
import { parseLinkKinds } from '../../src/backend/ip/parse-link-kinds.ts';
import { parseTunnelRoutes } from '../../src/backend/ip/parse-tunnel-routes.ts';
import { parseTunnels } from '../../src/backend/ip/parse-tunnels.ts';
import { deriveNetworkdUplink } from '../../src/backend/networkd/networkd-uplink.ts';
import { parseNetworkd } from '../../src/backend/networkd/parse-networkd.ts';
import { parseCountersText, parseElements, parseTable, parseTableList } from '../../src/backend/nft/parse-table.ts';
import { parseMonitorLine } from '../../src/backend/parse-monitor-line.ts';
import { parseRole } from '../../src/backend/parse-role.ts';
import { parseProbe } from '../../src/backend/ping/path-probe.ts';
import { parseClientRoutes } from '../../src/backend/route/parse-client-routes.ts';
import { parseRoutes } from '../../src/backend/route/routes.ts';
import { parseSockets } from '../../src/backend/ss/parse-sockets.ts';
import { parseGuestAddresses, parseGuestProxies, parseGuestRoutes } from '../../src/backend/xen/parse-guests.ts';
import { parseOldConfig } from '../../src/backend/xen/parse-old-config.ts';
import { parseVifPath } from '../../src/backend/xen/parse-vif-path.ts';
import { parseDefaultScript } from '../../src/backend/xen/parse-xl-conf.ts';
import { parseVifState } from '../../src/backend/xen/vif-state-file.ts';
import { parseDaemonRequest } from '../../src/daemon/trial/trial-messages.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseDuid } from '../../src/core/duid.ts';
import { parseInterfaceName } from '../../src/core/interface-name.ts';
import { parseIpv4 } from '../../src/core/ipv4.ts';
import { formatIpv6, ipv6Words, parseIpv6 } from '../../src/core/ipv6.ts';
import { parseMac } from '../../src/core/mac-address.ts';
import { formatPrefix, parsePrefix } from '../../src/core/prefix.ts';
import { parseZonedAddress } from '../../src/core/zoned-address.ts';
import { parseHistory } from '../../src/engine/prefix-history.ts';
import { deriveStatus, parseReport } from '../../src/engine/status.ts';
import { formatStored, parseStored } from '../../src/engine/stored-delegations.ts';
import { isAllowedHost } from '../../src/server/allowed-hosts.ts';
import { parseListenAddress } from '../../src/server/listen-address.ts';
import { judgeCredentials } from '../../src/server/session.ts';
import { bytesOf, expectAnswer, expectEqual, textOf, type Target } from './target.ts';

const directory = process.env['FUZZ_SEEDS'] ?? join(import.meta.dirname, 'seeds');
const samples = readdirSync(directory);
/** What tools printed on a machine with a translation in force. */
const seed = (...names: string[]): string[] => {
  const found = samples.filter((name) => names.some((start) => name.startsWith(start)));
  if (found.length === 0) throw new Error(`no seeds ${names.join(' ')}`);
  return found.map((name) => readFileSync(join(directory, name), 'utf8'));
};
const environment = (...lines: string[]): string => lines.map((line) => `${line}\0`).join('');

const addresses = [
  '::',
  '::1',
  'fd12:3456:789a::10',
  '2001:db8::1.2.3.4',
  '::ffff:192.0.2.1',
  '1:2:3:4:5:6:7:8',
  '2001:DB8:0:0:8:800:200C:417A',
  'fe80::1%eth0',
  '0:0:0:0:0:0:13.1.68.3',
  '1::8',
  '::2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7::',
];
const addressWords = [
  '::',
  ':',
  '.',
  '1.2.3.4',
  '255',
  '256',
  '01',
  '00000',
  'ffff',
  'FFFF',
  'g',
  '%',
  '%eth0',
  '/',
  '/64',
  '[',
  ']',
];

export const targets: readonly Target[] = [
  {
    name: 'IPv6 addresses',
    seeds: addresses,
    words: addressWords,
    check(text) {
      const read = parseIpv6(text);
      expectAnswer(read);
      // A zone is no part of an address here.
      const valid = isIPv6(text) && !text.includes('%');
      if (read.ok !== valid) throw new Error(`node:net says ${valid}`);
      if (!read.ok) return;
      const written = formatIpv6(read.value);
      expectEqual(parseIpv6(written), read, 'written and read again');
      const words = ipv6Words(read.value);
      // ipaddr.js takes "::1.2.3.4" for "::ffff:1.2.3.4".
      if (!/^::[0-9.]+$/.test(text)) expectEqual(ipaddr.IPv6.parse(text).parts, words, 'ipaddr.js');
      // ip-address writes IPv4-mapped addresses in hexadecimal, inet_ntop behind node:net IPv4-compatible ones as dotted quads.
      if (read.value >> 32n !== 0xffffn) expectEqual(new Address6(written).correctForm(), written, 'ip-address');
      if (read.value >> 32n !== 0n)
        expectEqual(new SocketAddress({ address: text, family: 'ipv6' }).address, written, 'SocketAddress');
    },
  },
  {
    name: 'IPv4 addresses',
    seeds: ['0.0.0.0', '192.0.2.1', '255.255.255.255', '1.2.3', '01.2.3.4'],
    words: addressWords,
    check(text) {
      const read = parseIpv4(text);
      expectAnswer(read);
      if (read.ok !== isIPv4(text)) throw new Error(`node:net says ${isIPv4(text)}`);
    },
  },
  {
    name: 'prefixes',
    seeds: [...addresses.map((address) => `${address}/64`), '::/0', 'fd12:3456:789a::/58', '2001:db8::/128'],
    words: [...addressWords, '/0', '/128', '/129', '/064', '/+1'],
    check(text) {
      const read = parsePrefix(text);
      expectAnswer(read);
      if (!read.ok) return;
      expectEqual(parsePrefix(formatPrefix(read.value)), read, 'written and read again');
      const [address, length] = ipaddr.IPv6.parseCIDR(text.replace(/^::(?=[0-9]+\.)/, '0::'));
      expectEqual([address.parts, length], [ipv6Words(read.value.address), read.value.length], 'ipaddr.js');
    },
  },
  {
    name: 'names and identities',
    seeds: [
      'eth0',
      'lan-1.20',
      'fe80::1%eth0',
      '00:11:22:33:44:55',
      '00:01:00:01:2a:bb:cc:dd:02:00:00:00:aa:01',
      '[::1]:6460',
      '0.0.0.0:80',
      'fd:3',
      'active 12345 67',
      'example.net:80',
      'Bearer abc',
      'sixgate=1.2.3',
    ],
    words: addressWords,
    check(text) {
      for (const parse of [parseInterfaceName, parseMac, parseDuid, parseZonedAddress, parseListenAddress])
        expectAnswer(parse(text));
      parseRole(text, 0);
      parseProbe(text);
      isAllowedHost(text, '::1', new Set(['router.example']));
      for (const token of ['', 'secret']) judgeCredentials(text, text, token, 0);
    },
  },
  {
    name: 'configuration',
    seeds: [
      'uplinks:\n  dsl:\n    interface: eth0\n    prefix: { from: dhcpcd, length: 58 }\nnetworks:\n  home:\n    prefix: fd12:3456:789a::/58\n    subnets:\n      lan:     { id: 0, interface: eth1 }\n      servers: { id: 1, interface: eth2 }\ntranslate:\n  - { network: home, uplink: dsl, mode: stateful, hairpin: true, inbound: deny, allow: [{ to: "servers::10", tcp: [443, 8000-8010], icmp: true }] }\n',
      'uplinks:\n  a: { interface: wan0, prefix: { from: static, prefix: 2001:db8:1::/48 } }\n  b: &x { interface: wan1, prefix: { from: dhcpv6, ias: 2, firstOffer: true } }\nnetworks:\n  n: { prefix: "2001:db8:5::/48" }\ntranslate: [{ network: n, uplink: a, mode: rfc6296 }]\nadvertise: {}\nfailover: {}\n',
      'xen:\n  uplink: eth0\n  guests:\n    web: { prefix: 2001:db8:0:1::/64 }\n',
    ],
    words: [
      'uplinks',
      'networks',
      'translate',
      'interface',
      'prefix',
      'from',
      'subnets',
      'id',
      'allow',
      'to',
      'advertise',
      'xen',
      'failover',
      'dns',
      '{',
      '}',
      '- ',
      '\n  ',
      '? ',
      '&a [*a]',
      '*a',
      '!!binary ',
      '!!map ',
      '|',
      '>',
      '"\\u0000"',
      '%YAML 1.1\n---\n',
      '...\n',
      '0x3A',
      '0o72',
      '~',
    ],
    check(text) {
      const read = loadConfig([{ name: 'a.yaml', text }]);
      if (read.ok) return;
      if (read.problem.length === 0) throw new Error('refused without a problem');
      const lines = text.split(/\r\n|\r|\n/).length;
      for (const problem of read.problem) {
        expectAnswer({ ok: false, problem } as { ok: false });
        const { line, column } = problem;
        if (line < 1 || line > lines + 1 || column < 1) throw new Error(`placed at ${line}:${column}`);
      }
    },
  },
  {
    name: 'events of dhcpcd',
    seeds: [
      environment(
        'interface=eth0',
        'reason=RENEW6',
        'ifcarrier=up',
        'new_dhcp6_ia_pd1_iaid=0000aa01',
        'new_dhcp6_ia_pd1_prefix1=2001:db8:a:aa80::',
        'new_dhcp6_ia_pd1_prefix1_length=58',
        'new_dhcp6_ia_pd1_prefix1_pltime=1800',
        'new_dhcp6_ia_pd1_prefix1_vltime=3600',
      ),
      environment('interface=eth0', 'reason=STOP6'),
    ],
    words: [
      'new_dhcp6_ia_pd1_prefix2',
      '_length=',
      '_vltime=',
      '_pltime=4294967295',
      'reason=',
      'EXPIRE6',
      'interface=',
      '\0',
    ],
    check: (text) => expectAnswer(parseLeaseReport(text)),
  },
  {
    name: 'events of hooks',
    seeds: [
      environment(
        'sixgate_client=generic',
        'uplink=dsl',
        'prefixes=2001:db8:a:aa80::/58,1800,3600,excluded=2001:db8:a:aabf::/64 2001:db8:b::/56,0,0',
      ),
      environment(
        'sixgate_client=dhclient',
        'interface=eth0',
        'reason=BOUND6',
        'new_ip6_prefix=2001:db8::/56',
        'new_preferred_life=1',
        'new_max_life=2',
        'new_iaid=0:0:aa:1',
      ),
      environment(
        'sixgate_client=odhcp6c',
        'sixgate_interface=eth0',
        'sixgate_state=bound',
        'PREFIXES=2001:db8::/56,1,2',
      ),
    ],
    words: ['released=yes', 'excluded=', ',', '/64', 'sixgate_client=', 'interface=eth0\0'],
    check(text) {
      isHookEvent(text);
      expectAnswer(parseHookEvent(text));
    },
  },
  {
    name: 'frames of dhcpcd',
    seeds: [
      '\x05\0\0\0\0\0\0\0a=b\0c',
      '\x01\0\0\0\0\0\0\0a\x02\0\0\0\0\0\0\0bc',
      '\0\0\0\0\0\0\0\0',
      '\xff\xff\xff\xff\xff\xff\xff\xff',
    ],
    words: ['\x01\0\0\0\0\0\0\0', '\0\0\x10\0\0\0\0\0', '\x01\0\x10\0\0\0\0\0'],
    check(text) {
      const bytes = bytesOf(text);
      const whole = createFrameReader(8, true).push(bytes);
      // However the stream is cut, the frames before its end are the same.
      const reader = createFrameReader(8, true);
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < Math.min(bytes.length, 2000); at += 7) {
        const read = reader.push(bytes.subarray(at, Math.min(at + 7, 2000)));
        if (read === undefined) break;
        pieces.push(...read);
      }
      if (whole) expectEqual(pieces, whole.slice(0, pieces.length), 'cut into pieces');
    },
  },
  {
    name: 'DHCPv6 messages',
    seeds: [
      textOf(
        encodeMessage({
          type: 'reply',
          transactionId: 0x123456,
          clientId: duid('00030001020000aa0101'),
          serverId: duid('000300010200000000ff'),
          preference: 255,
          solMaxRt: 120,
          associations: [
            {
              iaid: 1,
              t1: 10,
              t2: 20,
              prefixes: [
                { address: prefix('2001:db8:a:aa80::/58').address, length: 58, preferredLifetime: 1, validLifetime: 2 },
              ],
            },
          ],
        }),
      ),
      '\x07\x12\x34\x56\0\x19\0\x0c\0\0\0\x01\0\0\0\x0a\0\0\0\x14',
      '\x0a\0\0\0',
      '\x0d',
    ],
    words: ['\0\x19\0\x0c', '\0\x1a\0\x19', '\0\x0d\0\x02\0\x06', '\0\x01', '\xff\xff', '\0\x0b\0\x1c', '\0\x43\0\x09'],
    check(text) {
      const read = decodeMessage(bytesOf(text));
      expectAnswer(read);
      if (read.ok) expectEqual(decodeMessage(encodeMessage(read.value)), read, 'written and read again');
    },
  },
  json('tables of nft', seed('nft-translate.json', 'nft-guard.json', 'nft-ruleset.json'), (text) => {
    expectAnswer(parseTable(text));
    expectAnswer(parseElements(text));
  }),
  {
    name: 'texts of nft',
    seeds: seed('nft-translate.txt', 'nft-tables.txt'),
    check(text) {
      parseCountersText(text);
      expectAnswer(parseTableList(text));
    },
  },
  json('firewalls as nft tells them', seed('nft-ruleset.json', 'nft-guard.json'), (text) =>
    expectAnswer(parseNftTable(text)),
  ),
  {
    name: 'firewalls as ip6tables-save tells them',
    seeds: seed('ip6tables-save.txt'),
    words: [
      '-A FORWARD ',
      '-j ',
      '-m ',
      '! ',
      '--ctstate ',
      ':FORWARD DROP [0:0]',
      'COMMIT',
      '*filter',
      '"a b"',
      '-s ',
      '--dport 1:2',
    ],
    check(text) {
      for (const program of ['ip6tables', 'iptables'] as const) parseIp6tablesSave(text, program);
    },
  },
  json('interfaces and addresses of ip', seed('ip-links.json', 'ip-addresses.json', 'ip-ipv4.json'), (text) => {
    const links = parseLinks(text);
    expectAnswer(links);
    if (links.known) findDetours(links.value);
    expectAnswer(parseInterfaces(text));
    expectAnswer(parseAddressPrefixes(text, 'eth0', 64));
    expectAnswer(parseIpv4Addresses(text));
    expectAnswer(parseLinkKinds(text));
    expectAnswer(parseTunnels(text));
    expectAnswer(parseGuestAddresses(text));
  }),
  json('routes of ip', seed('ip-routes.json', 'ip-all-routes.json', 'ip-route-get.json', 'ip-proxies.json'), (text) => {
    for (const parse of [
      parseRoutes,
      parseDefaultRoutes,
      parseRouteSource,
      parseTunnelRoutes,
      parseGuestRoutes,
      parseGuestProxies,
    ])
      expectAnswer(parse(text));
    expectAnswer(parseClientRoutes(text, { interface: 'eth0', protocol: 16 }));
  }),
  json('filters of tc', seed('tc-filters.json'), (text) => expectAnswer(parseFilters(text, 'eth0', 'ingress'))),
  json(
    'networkd',
    [
      JSON.stringify({
        Interfaces: [
          {
            Index: 2,
            Name: 'eth0',
            AdministrativeState: 'configured',
            DHCPv6Client: {
              Lease: { Timeout1USec: 1, LeaseTimestampUSec: 2 },
              Prefixes: [
                {
                  Prefix: [32, 1, 13, 184, 0, 10, 170, 128, 0, 0, 0, 0, 0, 0, 0, 0],
                  PrefixLength: 58,
                  PreferredLifetimeUSec: 3,
                  ValidLifetimeUSec: 4,
                },
              ],
            },
          },
        ],
        Routes: [
          {
            Family: 10,
            Destination: [32, 1, 13, 184, 0, 10, 170, 128, 0, 0, 0, 0, 0, 0, 0, 0],
            DestinationPrefixLength: 58,
            Protocol: 16,
            Type: 7,
            TypeString: 'unreachable',
            LifetimeUSec: 5,
            ConfigSource: 'DHCPv6',
            ConfigState: 'configured',
          },
        ],
      }),
    ],
    (text) => {
      const state = parseNetworkd(text, 1000);
      expectAnswer(state);
      if (state.known) expectAnswer(deriveNetworkdUplink(state.value, 'eth0', true));
    },
  ),
  {
    name: 'lines of ip monitor',
    seeds: [
      'prefix 2001:db8:a:aa00::/64dev eth0 valid 7200 preferred 3600 ',
      '2001:db8:b:bb00::/64 dev eth0 proto kernel metric 256 expires 7200sec pref medium',
      '2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default \\    link/ether 02:00:00:00:aa:01',
      'Deleted prefix 2001:db8::/64dev eth0 valid 0 preferred 0',
    ],
    words: ['prefix ', 'dev ', 'valid ', 'preferred ', 'expires ', 'sec', ' proto kernel ', '@if', '<', '>'],
    check: (text) => void parseMonitorLine(text),
  },
  {
    name: 'flows of conntrack',
    seeds: seed('conntrack.txt'),
    words: [' src=', ' dst=', 'ipv6     10 ', '[UNREPLIED]'],
    check(text) {
      const flows = parseFlows(text);
      deleteStale(flows.map(({ source, replyDestination }) => ({ source, replyDestination })));
      parseTunnelEntries(text);
    },
  },
  {
    name: 'sockets of ss',
    seeds: seed('ss.txt'),
    words: ['users:((', 'pid=', 'fd=', '"'],
    check: (text) => void parseSockets(text),
  },
  {
    name: 'files of other programs',
    seeds: [
      'ipv6_gateway_addr[web1]=2001:db8:0:1::1/64\n# x\nipv6_gateway_addr[my host]=2001:DB8:0:2::1/80\n',
      'vif.default.script="vif-route"\n',
      'duid\nia_pd 1/2001:db8::/56 eth1/0\ninterface eth0\n  nodelay\n',
      'iface six inet6 v4tunnel\n  gateway ::192.88.99.1\n  up ip -6 route add default via ::192.88.99.1 dev six\n',
      '/local/domain/0/backend/vif/3/0',
    ],
    words: [
      'ipv6_gateway_addr[',
      ']=',
      'vif.default.script',
      '\\\n',
      'ia_pd',
      'iface',
      'v4tunnel',
      'source ',
      '"',
      "'",
    ],
    check(text) {
      parseOldConfig(text);
      parseDefaultScript(text);
      parseDhcpcdConfig(text);
      findRelayLines('/etc/network/interfaces', text);
      expectAnswer(parseVifPath(text));
    },
  },
  json(
    'what sixgate stored itself',
    [
      formatStored({
        delegations: [
          {
            uplink: 'dsl',
            iaid: 1,
            prefix: prefix('2001:db8:a:aa80::/58'),
            preferredUntil: 5000,
            validUntil: Infinity,
            since: 1,
          },
        ],
        lingering: [{ uplink: 'dsl', prefix: prefix('2001:db8:b:bb80::/58'), until: 77 }],
        clock: { boot: 'one', uptime: 5, wall: 6 },
      }),
      '{"schemaVersion":1,"history":[{"uplink":"dsl","prefix":"2001:db8::/58","since":"2026-01-01T00:00:00.000Z","until":null}]}',
      ...seed('state.json'),
    ],
    (text) => {
      const stored = parseStored(text);
      expectAnswer(stored);
      if (stored.ok) expectEqual(parseStored(formatStored(stored.value)), stored, 'written and read again');
      parseHistory(text);
      expectAnswer(parseVifState(text, '/run/sixgate/xen/vif1.0'));
      const report = parseReport(text, '/run/sixgate/state.json');
      expectAnswer(report);
      if (report.ok) deriveStatus(report.value, true, 1_800_000_000_000);
    },
  ),
  json(
    'requests over the socket of the daemon',
    [
      '{"ask":"where"}',
      '{"ask":"try","sources":[{"name":"a.yaml","text":"uplinks: {}"}],"within":1000}',
      '{"ask":"back"}',
    ],
    (text) => {
      let message: unknown;
      try {
        message = JSON.parse(text);
      } catch {
        return; // that ends the stream before
      }
      const request = parseDaemonRequest(message);
      if (request)
        expectEqual(parseDaemonRequest(JSON.parse(JSON.stringify(request))), request, 'written and read again');
    },
  ),
];

function json(name: string, seeds: readonly string[], check: (text: string) => void): Target {
  return { name, seeds, check, words: ['[', ']', '{', '}', ',', '"x":', 'null'] };
}

function prefix(text: string) {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function duid(hex: string) {
  const read = parseDuid(hex.match(/../g)!.join(':'));
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}
