import { describe, expect, test } from 'vitest';
import { address, prefix } from '../../testing/healthy-host.ts';
import { parseIpv4, type Ipv4Address } from '../../core/ipv4.ts';
import { proposeLans, proposeLength, proposeSource, proposeUplink, usableInterfaces } from './propose-setup.ts';
import { nameLans, networkLength } from './setup.ts';
import type { FoundClient, SetupFacts, SetupInterface } from './setup-facts.ts';

function ipv4(text: string): Ipv4Address {
  const read = parseIpv4(text);
  if (!read.ok) throw new RangeError(read.problem.message);
  return read.value;
}

function link(name: string, more: Partial<SetupInterface> = {}): SetupInterface {
  const base = { up: true, carrier: true, mtu: 1500, ipv4: [], addresses: [] };
  return { name, ...base, kind: null, linkType: 'ether', enslaved: false, ...more };
}

function machine(...interfaces: SetupInterface[]): SetupFacts {
  return {
    interfaces,
    defaultRoutes: [],
    ipv4Uplinks: [],
    delegated: [],
    clients: [],
    firewalls: { known: true, value: [] },
    networkManager: 'nobody',
    systemd: false,
    radvdFree: false,
  };
}

const global = { addresses: [{ address: address('2001:db8::1'), length: 64, duplicate: false }] };
const inside = { ipv4: [ipv4('192.168.1.1')] };

test('what cannot be an uplink or a LAN is left out', () => {
  const facts = machine(
    link('lo', { linkType: 'loopback' }),
    link('eth0'),
    link('eth1', { enslaved: true }),
    link('br-lan', { kind: 'bridge' }),
    link('br-0123456789ab', { kind: 'bridge' }),
    link('docker0', { kind: 'bridge' }),
    link('sit1', { kind: 'sit', linkType: 'sit' }),
    link('wg0', { kind: 'wireguard', linkType: 'none' }),
    link('eth0.7', { kind: 'vlan' }),
    link('ppp0', { kind: 'ppp', linkType: 'ppp' }),
  );
  expect(usableInterfaces(facts).map(({ name }) => name)).toEqual(['eth0', 'br-lan', 'eth0.7', 'ppp0']);
});

describe('the uplink', () => {
  const two = machine(link('eth0'), link('eth1', global));
  test('a default route counts more than an address', () => {
    expect(proposeUplink(two)?.name).toBe('eth1');
    const routed = { ...two, defaultRoutes: [{ interface: 'eth0', protocol: 'ra' }] };
    expect(proposeUplink(routed)).toEqual({
      name: 'eth0',
      because: 'the IPv6 default route, by router advertisement',
    });
  });
  test('an IPv4 default route will do, and a PPP line', () => {
    expect(proposeUplink({ ...machine(link('eth0'), link('eth1')), ipv4Uplinks: ['eth1'] })?.name).toBe('eth1');
    expect(proposeUplink(machine(link('eth0'), link('ppp0', { linkType: 'ppp' })))?.name).toBe('ppp0');
  });
  test('nothing, or two alike: nobody guesses', () => {
    expect(proposeUplink(machine(link('eth0'), link('eth1')))).toBeUndefined();
    expect(proposeUplink(machine(link('eth0', global), link('eth1', global)))).toBeUndefined();
  });
});

test('LANs: those with an inside address, then those with a carrier, then what there is; never another way out', () => {
  const dark = { carrier: false };
  const names = (facts: SetupFacts) => proposeLans(facts, 'eth0').map(({ name }) => name);
  expect(names(machine(link('eth0'), link('eth1', inside), link('eth2'), link('br0', { kind: 'bridge' })))).toEqual([
    'eth1',
    'br0',
  ]);
  expect(names(machine(link('eth0'), link('eth1', dark), link('eth2')))).toEqual(['eth2']);
  expect(names(machine(link('eth0'), link('eth1', dark), link('eth2', dark)))).toEqual(['eth1', 'eth2']);
  expect(names({ ...machine(link('eth0'), link('eth1'), link('wlan0')), ipv4Uplinks: ['wlan0'] })).toEqual(['eth1']);
});

test.each<[string, FoundClient[], object]>([
  ['nobody', [], { from: 'dhcpv6' }],
  ['dhcpcd that runs', [{ program: 'dhcpcd', name: 'dhcpcd', listens: false }], { from: 'dhcpcd' }],
  [
    'one that listens before one that runs',
    [
      { program: 'networkd', name: 'systemd-networkd', interface: 'eth0', listens: false },
      { program: 'dhcpcd', name: 'dhcpcd', listens: true },
    ],
    { from: 'dhcpcd' },
  ],
  [
    'one for another interface',
    [{ program: 'networkd', name: 'systemd-networkd', interface: 'eth1', listens: true }],
    { from: 'dhcpv6' },
  ],
  ['dhclient', [{ program: 'dhclient', name: 'dhclient', listens: true }], { from: 'hook', client: 'dhclient' }],
  [
    'NetworkManager, which tells nobody',
    [{ program: 'networkmanager', name: 'NetworkManager', interface: 'eth0', listens: true }],
    { from: 'dhcpv6' },
  ],
])('the source with %s', (_, clients, source) => {
  expect(proposeSource({ ...machine(link('eth0')), clients }, 'eth0')).toMatchObject(source);
});

test('the length: what was delegated, what the client asks for, the usual', () => {
  const plain = machine(link('eth0'));
  const asked: SetupFacts = { ...plain, clients: [{ program: 'dhcpcd', name: 'dhcpcd', listens: true, asks: 60 }] };
  expect(proposeLength(plain, 'eth0').length).toBe(56);
  expect(proposeLength(asked, 'eth0').length).toBe(60);
  expect(proposeLength({ ...asked, delegated: [prefix('2001:db8:a:aa80::/58')] }, 'eth0').length).toBe(58);
  const two = [prefix('2001:db8:a:aa80::/58'), prefix('2001:db8:b::/57')];
  expect(proposeLength({ ...asked, delegated: two }, 'eth0').length).toBe(60);
});

test('a network has room for all LANs, whatever is asked for', () => {
  expect([networkLength(56, 3), networkLength(64, 1), networkLength(64, 2), networkLength(63, 5)]).toEqual([
    56, 64, 63, 61,
  ]);
});

test('subnets are named for their interfaces, in letters that the configuration takes', () => {
  const names = (...given: string[]) => nameLans(given).map(({ name }) => name);
  expect(names('eth1')).toEqual(['lan']);
  expect(names('eth1', 'br.LAN', 'BR-lan', '2nd')).toEqual(['eth1', 'br-lan', 'lan2', 'lan3']);
});
