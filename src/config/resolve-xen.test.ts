import { describe, expect, test } from 'vitest';
import { formatIpv6 } from '../core/ipv6.ts';
import { formatPrefix } from '../core/prefix.ts';
import type { GuestInterface, XenConfig } from '../engine/xen/xen-config.ts';
import { formatConfigProblem, type ConfigProblem } from './config-problem.ts';
import { loadConfig } from './load-config.ts';

function load(...texts: string[]): { xen: XenConfig; warnings: string[] } {
  const loaded = loadConfig(texts.map((text, index) => ({ name: `c${index}.yaml`, text })));
  if (!loaded.ok) throw new Error(loaded.problem.map(formatConfigProblem).join('\n'));
  return { xen: loaded.value.config.xen!, warnings: loaded.value.warnings.map(formatConfigProblem) };
}

function refusals(text: string): string[] {
  const loaded = loadConfig([{ name: 'c', text }]);
  const tell = ({ code, mend, ...problem }: ConfigProblem): string =>
    `${formatConfigProblem({ code, ...problem })} [${code}] ${mend}`;
  return loaded.ok ? [] : loaded.problem.map(tell);
}

const guests = (lines: string, more = ''): string =>
  `xen:\n${more}  guests:\n${lines
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')}`;

const shown = (of: GuestInterface) => ({
  ...of,
  prefixes: of.prefixes.map(formatPrefix),
  addresses: of.addresses.map(formatIpv6),
  routed: of.routed.map(formatPrefix),
  gateway: formatIpv6(of.gateway),
});

const networks = `uplinks: { dsl: { interface: eth0, prefix: { from: dhcpcd } } }
networks:
  home:
    prefix: fd12:3456:789a::/48
    subnets: { lan: { id: 0, interface: eth1 }, servers: { id: 1 }, shared: { id: 2 } }
translate: [{ network: home, uplink: dsl }]
`;

describe('a configuration with nothing but xen', () => {
  test('defaults, and the short form for interface 0', () => {
    const { xen, warnings } = load(guests('web1: { prefixes: ["2001:db8:0:1::/64"] }'));
    expect(warnings).toEqual([]);
    expect({ ...xen, guests: [] }).toEqual({ policy: 'warn', unlisted: 'filter', dns: [], guests: [] });
    expect(xen.guests[0]?.key).toEqual({ by: 'name', text: 'web1' });
    expect(xen.guests[0]?.interfaces.map(shown)).toEqual([
      {
        device: 0,
        prefixes: ['2001:db8:0:1::/64'],
        addresses: [],
        gateway: 'fe80::1',
        routed: [],
        proxyNdp: false,
        advertise: false,
        antiSpoof: true,
      },
    ]);
  });

  test('everything that there is, also from conf.d', () => {
    const { xen, warnings } = load(
      `xen:
  policy: fail
  unlisted: ignore
  uplink: eth0
  block: 2001:db8::/40
  address: 2001:db8::ffff
  dns: [2001:db8::53]
  guests:
    my.omu1: { prefixes: [2001:db8:0:1::/64], gateway: 2001:db8:0:1::1, advertise: true }
    MYDOMU1:
      vifs:
        1: { addresses: [2001:db8:1::5], antiSpoof: false }
        0: { prefixes: [2001:db8:0:2::/64, 2001:db8:0:3::/80], routed: [2001:db8:20::/48], via: fe80::2 }
    00:16:3E:12:34:56: { addresses: [2001:db8:ffff::9], proxyNdp: true }
`,
      'xen: { guests: { "0DF3B2A6-1c1c-4c1c-8c1c-0123456789ab": { addresses: ["2001:db8:2::1"] } } }',
    );
    expect(warnings).toEqual([]);
    expect(xen.guests.map(({ key }) => key)).toEqual([
      { by: 'name', text: 'my.omu1' },
      { by: 'name', text: 'MYDOMU1' },
      { by: 'mac', mac: 0x00163e123456n },
      { by: 'uuid', text: '0df3b2a6-1c1c-4c1c-8c1c-0123456789ab' },
    ]);
    expect(xen.guests[1]?.interfaces.map(({ device }) => device)).toEqual([0, 1]);
    expect(xen.guests[1]?.interfaces.map(({ via }) => via && formatIpv6(via))).toEqual(['fe80::2', undefined]);
    expect(xen.dns.map(formatIpv6)).toEqual(['2001:db8::53']);
  });

  test('a prefix can be a subnet of a network, shared by several guests, or carved from an uplink', () => {
    const { xen, warnings } = load(
      networks,
      'uplinks: { tunnel: { interface: t, prefix: { from: 6to4, ipv4: 9.1.2.3 } } }\n' +
        guests(`a: { prefixes: [{ network: home, subnet: servers }] }
b: { addresses: ["fd12:3456:789a:2::b"] }
c: { prefixes: ["fd12:3456:789a:2:c::/80"] }
d: { prefixes: [{ uplink: tunnel, id: 3 }] }`),
    );
    expect(warnings).toEqual([]);
    expect(xen.guests.map(({ interfaces }) => shown(interfaces[0]!).prefixes)).toEqual([
      ['fd12:3456:789a:1::/64'],
      [],
      ['fd12:3456:789a:2:c::/80'],
      ['2002:901:203:3::/64'],
    ]);
  });

  test('an address in a prefix of the same interface is odd', () => {
    const { warnings } = load(guests('a: { prefixes: ["2001:db8::/64"], addresses: ["2001:db8::2"] }'));
    expect(warnings).toEqual([
      'c0.yaml:3:51: xen.guests.a.addresses[0]: it is in 2001:db8::/64 of the same interface (line 3) already',
    ]);
  });
});

const cases: [what: string, text: string, told: string[]][] = [
  [
    'host bits',
    guests('a: { prefixes: ["2001:db8::1/64"] }'),
    [
      'c:3:21: xen.guests.a.prefixes[0]: "2001:db8::1/64" has bits set behind its length of 64 [config-prefix] Write 2001:db8::/64 if that is what you meant.',
    ],
  ],
  [
    'nothing given',
    guests('a: { gateway: fe80::1 }'),
    [
      'c:3:8: xen.guests.a: none of prefixes, addresses, routed, vifs is there [config-key-missing] Add one of prefixes, addresses, routed, vifs.',
    ],
  ],
  [
    'an overlap of two guests',
    guests('a: { prefixes: ["2001:db8::/56"] }\nb: { addresses: ["2001:db8:0:1::5"] }'),
    [
      'c:4:22: xen.guests.b.addresses[0]: 2001:db8:0:1::5/128 overlaps 2001:db8::/56 of a, interface 0 (line 3) [config-overlap] Give one of them another.',
    ],
  ],
  [
    'the same prefix on two interfaces of one guest',
    guests('a: { vifs: { 0: { prefixes: ["2001:db8::/64"] }, 1: { prefixes: ["2001:db8::/64"] } } }'),
    [
      'c:3:70: xen.guests.a.vifs.1.prefixes[0]: 2001:db8::/64 overlaps 2001:db8::/64 of a, interface 0 (line 3) [config-overlap] Give one of them another.',
    ],
  ],
  [
    'an address twice',
    guests('a: { addresses: ["2001:db8::2", "2001:0db8::2"] }'),
    [
      'c:3:37: xen.guests.a.addresses[1]: 2001:db8::2/128 stands here already (line 3) [config-duplicate] Leave only one of them.',
    ],
  ],
  [
    "Dom0's own address within a guest's prefix",
    guests('a: { prefixes: ["2001:db8::/64"] }', '  address: 2001:db8::1\n'),
    [
      'c:2:12: xen.address: 2001:db8::1/128 overlaps 2001:db8::/64 of a, interface 0 (line 4) [config-overlap] Give one of them another.',
    ],
  ],
  [
    'a gateway that is the guest itself',
    guests('a: { prefixes: ["2001:db8::/64"], addresses: ["2001:db8::1"], gateway: "2001:db8::1" }'),
    [
      `c:3:51: xen.guests.a.addresses[0]: 2001:db8::1 is the gateway (line 3) and cannot be the guest's own address [config-duplicate] Give one of them another address.`,
    ],
  ],
  [
    'a gateway elsewhere',
    guests('a: { prefixes: ["2001:db8::/64"], gateway: "2001:db8:1::1" }'),
    [
      'c:3:48: xen.guests.a.gateway: 2001:db8:1::1 is not on the link of the guest: 2001:db8::/64 [config-value] Write an address in one of its prefixes, or leave it out for fe80::1.',
    ],
  ],
  [
    'a prefix outside of the block',
    guests('a: { prefixes: ["2001:db8:1::/64"] }', '  block: 2001:db8::/48\n'),
    [
      'c:4:21: xen.guests.a.prefixes[0]: 2001:db8:1::/64 is not in the block 2001:db8::/48, so nothing for it arrives here [config-prefix] Take one from the block, or correct xen.block.',
    ],
  ],
  [
    'proxy NDP for a prefix, and without uplink',
    guests('a: { prefixes: ["2001:db8:1::/64"], proxyNdp: true }'),
    [
      'c:3:51: xen.guests.a.proxyNdp: proxy NDP answers for single addresses, and there is none [config-value] List the addresses of the guest under addresses.',
      'c:3:51: xen.guests.a.proxyNdp: proxy NDP answers on xen.uplink, which is missing [config-key-missing] Add uplink with the interface to the provider.',
    ],
  ],
  [
    'advertisements without a /64',
    guests('a: { prefixes: ["2001:db8:1::/80"], advertise: true }'),
    [
      'c:3:52: xen.guests.a.advertise: a guest makes itself addresses in a /64 only (RFC 4862 section 5.5.3), and there is none [config-value] Add a /64 to prefixes, or take out advertise.',
    ],
  ],
  [
    'a MAC address twice, in two writings',
    guests('00:16:3e:00:00:01: { addresses: ["2001:db8::2"] }\n00:16:3E:00:00:01: { addresses: ["2001:db8::3"] }'),
    [
      'c:4:5: xen.guests."00:16:3E:00:00:01": this guest stands here already (line 3) [config-duplicate] Make both one entry.',
    ],
  ],
  [
    'nearly a MAC address',
    guests('00:16:3e:00:01: { addresses: ["2001:db8::2"] }'),
    [
      'c:3:5: xen.guests."00:16:3e:00:01": "00:16:3e:00:01" looks like a MAC address and is none [config-name] Write six groups of two digits, as in 00:16:3e:12:34:56.',
    ],
  ],
  [
    'interfaces of a MAC address',
    guests('00:16:3e:00:00:01: { vifs: { 0: { addresses: ["2001:db8::2"] } } }'),
    [
      'c:3:32: xen.guests."00:16:3e:00:00:01".vifs: a MAC address is that of one interface [config-value] Write its prefixes and addresses directly below it.',
    ],
  ],
  [
    'interface 0 in both forms',
    guests('a: { addresses: ["2001:db8::2"], vifs: { 0: { addresses: ["2001:db8::3"] } } }'),
    [
      'c:3:46: xen.guests.a.vifs.0: what stands directly below a is its interface 0 already [config-duplicate] Write it in one of both places.',
    ],
  ],
  [
    'a device number that is none',
    guests('a: { vifs: { eth0: { addresses: ["2001:db8::2"] } } }'),
    [
      'c:3:18: xen.guests.a.vifs: "eth0" is not a device number [config-name] Write the place of the interface in the "vif" list of xl.cfg, counted from 0.',
    ],
  ],
  [
    'link-local for an address, and global for "via"',
    guests('a: { addresses: ["fe80::2"], routed: ["2001:db8::/56"], via: "2001:db8::2" }'),
    [
      'c:3:22: xen.guests.a.addresses[0]: fe80::2 is link-local: no machine elsewhere can reply to it [config-value] Write a global address.',
      'c:3:66: xen.guests.a.via: 2001:db8::2 is not link-local [config-value] Write a link-local address, as in fe80::2.',
    ],
  ],
  [
    'a map that names no prefix',
    guests('a: { prefixes: [{ network: home }] }'),
    [
      'c:3:21: xen.guests.a.prefixes[0]: this names no prefix [config-key-missing] Write { network: NAME, subnet: NAME } or { uplink: NAME, id: NUMBER }.',
    ],
  ],
  [
    'a subnet that is on an interface',
    networks + guests('a: { prefixes: [{ network: home, subnet: lan }] }'),
    [
      'c:9:21: xen.guests.a.prefixes[0]: subnet "lan" is on eth1 and cannot be on the link of a guest as well [config-overlap] Give the guest a subnet without interface.',
    ],
  ],
  [
    'a subnet that is not there',
    networks + guests('a: { prefixes: [{ network: home, subnet: server }] }'),
    ['c:9:46: xen.guests.a.prefixes[0].subnet: there is no subnet "server" [config-reference] Write servers.'],
  ],
  [
    'a part of a network that is in no subnet, or on an interface',
    networks + guests('a: { prefixes: ["fd12:3456:789a:9::/64"], addresses: ["fd12:3456:789a::7"] }'),
    [
      'c:9:21: xen.guests.a.prefixes[0]: fd12:3456:789a:9::/64 is in fd12:3456:789a::/48, network "home", and in none of its subnets [config-overlap] Add a subnet without interface to "home" and write { network: home, subnet: NAME }.',
      'c:9:59: xen.guests.a.addresses[0]: fd12:3456:789a::7/128 is in fd12:3456:789a::/64, subnet "lan" of network "home" on eth1 [config-overlap] Add a subnet without interface to "home" and write { network: home, subnet: NAME }.',
    ],
  ],
  [
    'a part of a prefix that changes',
    networks + guests('a: { prefixes: [{ uplink: dsl, id: 1 }] }'),
    [
      'c:9:21: xen.guests.a.prefixes[0]: the prefix of uplink "dsl" changes, and the guest would have to change with it [config-value] Make a network with a subnet for the guest, translate it on that uplink, and name the subnet here.',
    ],
  ],
  [
    'a misspelt policy',
    'xen: { policy: fial }\n',
    ['c:1:16: xen.policy: "fial" is not warn or fail [config-value] Write fail.'],
  ],
];

describe('refused', () => {
  test.each(cases)('%s', (_, text, told) => {
    expect(refusals(text)).toEqual(told);
  });
});
