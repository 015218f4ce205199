import { expect, test } from 'vitest';
import { generateTunnel } from './generate-tunnel.ts';
import type { TunnelTarget } from './tunnel-targets.ts';
import type { TunnelKind } from './tunnel.ts';

const sixRd = { ipv4: '8.8.4.4', prefix: '2001:db8::/32', relay: '9.9.9.9' };
const sixInFour = { local: '8.8.4.4', remote: '9.9.9.9', address: '2001:db8:1::2/64', routed: '2001:db8:2::/48' };

/** Intent, and the codes and the beginning of the first message. */
const refused: [TunnelKind, object, string, string][] = [
  // Public addresses that are none.
  ['6to4', { ipv4: '192.168.1.10' }, 'tunnel-address', 'ipv4: "192.168.1.10" is private (RFC 1918)'],
  ['6to4', { ipv4: '10.0.0.1' }, 'tunnel-address', 'ipv4: "10.0.0.1" is private'],
  ['6to4', { ipv4: '172.31.255.255' }, 'tunnel-address', 'ipv4: "172.31.255.255" is private'],
  ['6to4', { ipv4: '100.64.0.1' }, 'tunnel-address', 'ipv4: "100.64.0.1" is shared by a provider (CGN)'],
  ['6to4', { ipv4: '0.0.0.0' }, 'tunnel-address', 'ipv4: "0.0.0.0" is of "this network"'],
  ['6to4', { ipv4: '127.0.0.1' }, 'tunnel-address', 'ipv4: "127.0.0.1" is loopback'],
  ['6to4', { ipv4: '169.254.1.1' }, 'tunnel-address', 'ipv4: "169.254.1.1" is link-local'],
  ['6to4', { ipv4: '192.0.0.8' }, 'tunnel-address', 'ipv4: "192.0.0.8" is for IETF protocols'],
  ['6to4', { ipv4: '198.18.0.1' }, 'tunnel-address', 'ipv4: "198.18.0.1" is for benchmarking'],
  ['6to4', { ipv4: '224.0.0.1' }, 'tunnel-address', 'ipv4: "224.0.0.1" is multicast or reserved'],
  ['6to4', { ipv4: '255.255.255.255' }, 'tunnel-address', 'ipv4: "255.255.255.255" is multicast or reserved'],
  ['6to4', { ipv4: '8.8.8' }, 'address-syntax', 'ipv4: "8.8.8" is not an IPv4 address'],
  ['6to4', { ipv4: '8.8.8.08' }, 'address-syntax', 'ipv4: "8.8.8.08" is not an IPv4 address'],
  ['6to4', { ipv4: '2002::1' }, 'address-syntax', 'ipv4: "2002::1" is not an IPv4 address'],
  ['6to4', { ipv4: ' 8.8.8.8' }, 'address-syntax', 'ipv4: " 8.8.8.8" is not'],
  ['6to4', { ipv4: 8 }, 'intent-value', 'ipv4: a text is needed here'],
  ['6to4', {}, 'intent-key', 'ipv4 is missing'],
  // Behind NAT.
  ['6to4', { ipv4: '8.8.4.4', local: '8.8.4.4' }, 'tunnel-local', 'local: 8.8.4.4 is the public address'],
  ['6to4', { ipv4: '8.8.4.4', local: '9.9.9.9' }, 'tunnel-local', 'local: 9.9.9.9 is public itself'],
  ['6to4', { ipv4: '8.8.4.4', local: '203.0.113.4' }, 'tunnel-local', 'local: 203.0.113.4 is public itself'],
  ['6to4', { ipv4: '8.8.4.4', local: '100.64.0.1' }, 'tunnel-local', 'local: 100.64.0.1 is shared by a provider'],
  ['6to4', { ipv4: '8.8.4.4', local: '127.0.0.1' }, 'tunnel-local', 'local: 127.0.0.1 is loopback'],
  ['6in4', { ...sixInFour, local: '192.168.1.10' }, 'tunnel-local', 'local: 192.168.1.10 is private'],
  ['6in4', { ...sixInFour, local: '100.64.0.1' }, 'tunnel-local', 'local: 100.64.0.1 is shared by a provider'],
  ['6in4', { ...sixInFour, local: '8.8.4.4', behindNat: true }, 'tunnel-local', 'local: 8.8.4.4 is public itself'],
  ['6in4', { ...sixInFour, ipv4: '8.8.4.4' }, 'tunnel-local', 'local: 8.8.4.4 is the public address'],
  // Relays and other ends.
  [
    '6to4',
    { ipv4: '8.8.4.4', relay: '192.88.99.1' },
    'tunnel-relay',
    'relay: "192.88.99.1" is the withdrawn 6to4 relay',
  ],
  ['6to4', { ipv4: '8.8.4.4', relay: '8.8.4.4' }, 'tunnel-relay', 'relay: 8.8.4.4 is this site itself'],
  ['6to4', { ipv4: '8.8.4.4', relay: '10.0.0.1' }, 'tunnel-address', 'relay: "10.0.0.1" is private'],
  ['6rd', { ...sixRd, relay: '8.8.4.4' }, 'tunnel-relay', 'relay: 8.8.4.4 is this host itself'],
  ['6in4', { ...sixInFour, remote: '8.8.4.4' }, 'tunnel-address', 'remote: 8.8.4.4 is this end'],
  ['6in4', { ...sixInFour, remote: '10.1.1.1' }, 'tunnel-address', 'remote: "10.1.1.1" is private'],
  ['6in4', { ...sixInFour, gateway: '2001:db8:1::2' }, 'tunnel-prefix', 'gateway: 2001:db8:1::2 is this end itself'],
  ['6in4', { ...sixInFour, gateway: '2001:db8:9::1' }, 'tunnel-prefix', 'gateway: 2001:db8:9::1 is not within'],
  // 6rd.
  ['6rd', { ...sixRd, prefix: '2001:db8::/33' }, 'tunnel-prefix', 'prefix: with 32 bits of the IPv4 address a /33'],
  ['6rd', { ...sixRd, prefix: '2001:db8::1/32' }, 'prefix-host-bits', 'prefix: "2001:db8::1/32"'],
  ['6rd', { ...sixRd, prefix: 'fd00::/16' }, 'tunnel-prefix', 'prefix: fd00::/16 is unique local'],
  ['6rd', { ...sixRd, prefix: '2002::/16' }, 'tunnel-prefix', 'prefix: 2002::/16 is 6to4'],
  ['6rd', { ...sixRd, ipv4: '10.0.0.2' }, 'tunnel-address', 'ipv4: "10.0.0.2" is private'],
  ['6rd', { ...sixRd, ipv4: '127.0.0.2', ipv4MaskLength: 8 }, 'tunnel-address', 'ipv4: 127.0.0.2 is loopback'],
  ['6rd', { ...sixRd, ipv4MaskLength: 32 }, 'intent-value', 'ipv4MaskLength: "32" is not a whole number from 0 to 31'],
  // 6in4.
  [
    '6in4',
    { ...sixInFour, address: '2001:db8:1::2' },
    'prefix-syntax',
    'address: "2001:db8:1::2" has no prefix length',
  ],
  ['6in4', { ...sixInFour, address: '2001:db8:1::2/128' }, 'tunnel-prefix', 'address: /128 is no length'],
  ['6in4', { ...sixInFour, address: 'fe80::2/64' }, 'tunnel-prefix', 'address: fe80::2 is link-local'],
  [
    '6in4',
    { ...sixInFour, routed: '2001:db8:1::/48' },
    'tunnel-prefix',
    'routed: 2001:db8:1::/48 has addresses in common',
  ],
  ['6in4', { ...sixInFour, routed: '2001:db8:2::/65' }, 'tunnel-prefix', 'routed: 2001:db8:2::/65 has no room'],
  ['6in4', { ...sixInFour, keepalive: 60 }, 'intent-value', 'keepalive: a tunnel that is not behind NAT needs none'],
  // What is common.
  ['6to4', { ipv4: '8.8.4.4', keepalive: 60 }, 'intent-value', 'keepalive: of 6to4 any site may send first'],
  ['6rd', { ...sixRd, keepalive: 60 }, 'intent-key', 'no such key: "keepalive"'],
  ['6to4', { ipv4: '8.8.4.4', kind: '6rd' }, 'intent-value', 'kind: the intent is for 6rd, not 6to4'],
  ['6to4', { ipv4: '8.8.4.4', mtu: 1279 }, 'intent-value', 'mtu: "1279" is not a whole number from 1280'],
  ['6to4', { ipv4: '8.8.4.4', ttl: 0 }, 'intent-value', 'ttl: "0" is not'],
  ['6to4', { ipv4: '8.8.4.4', name: 'sit0' }, 'interface-name', 'name: "sit0" already has a meaning'],
  ['6to4', { ipv4: '8.8.4.4', name: 'a;b' }, 'interface-name', 'name: "a;b" is not an interface name'],
  ['6to4', { ipv4: '8.8.4.4', name: 'sixteen-letters-' }, 'interface-name', 'name: "sixteen-letters-" is not'],
  ['6to4', { ipv4: '8.8.4.4', subnet: '0=eth1' }, 'tunnel-subnet', 'subnet: subnet 0 is not to be had'],
  ['6to4', { ipv4: '8.8.4.4', subnet: '65536=eth1' }, 'tunnel-subnet', 'subnet: subnet 65536 is not to be had'],
  ['6to4', { ipv4: '8.8.4.4', subnet: 'eth1' }, 'tunnel-subnet', 'subnet: "eth1" is not a number and an interface'],
  ['6to4', { ipv4: '8.8.4.4', subnet: ['1=eth1', '1=eth2'] }, 'tunnel-subnet', 'subnet: subnet 1 or interface eth2'],
  ['6to4', { ipv4: '8.8.4.4', subnet: ['1=eth1', '2=eth1'] }, 'tunnel-subnet', 'subnet: subnet 2 or interface eth1'],
  ['6to4', { ipv4: '8.8.4.4', subnet: '1=tun6to4' }, 'tunnel-subnet', 'subnet: tun6to4 is the tunnel itself'],
  [
    '6to4',
    { ipv4: '8.8.4.4', subnet: '1=$(reboot)' },
    'interface-name',
    'subnet: "$(reboot)" is not an interface name',
  ],
  ['6rd', { ...sixRd, subnets: 2 }, 'tunnel-subnet', 'subnets: 2001:db8:808:404::/64 has room for 1 only'],
  ['6in4', { ...sixInFour, routed: undefined, subnets: 1 }, 'tunnel-subnet', 'subnets: there is no prefix to divide'],
];

test.each(refused)('%s %j is refused: %s', (kind, intent, code, message) => {
  const made = generateTunnel(intent, { kind, target: 'ifupdown' });
  expect(made.ok ? [] : made.problem.map((problem) => problem.code)).toEqual([code]);
  expect(made.ok ? '' : made.problem[0]!.message).toContain(message);
});

/** Each beside what works, so that it is the one thing that makes the difference. */
const impossible: [TunnelKind, TunnelTarget, object, object][] = [
  ['6to4', 'openwrt', { ipv4: '8.8.4.4' }, { local: '192.168.1.10' }],
  ['6to4', 'openwrt', { ipv4: '8.8.4.4' }, { filter: 'iptables' }],
  ['6to4', 'openwrt', { ipv4: '8.8.4.4' }, { name: 'tun.6' }],
  ['6to4', 'openwrt', { ipv4: '8.8.4.4' }, { name: 'tunnel6to4xx' }],
  ['6to4', 'openwrt', { ipv4: '8.8.4.4' }, { subnet: '1=br-lan' }],
  ['6in4', 'openwrt', { ...sixInFour, local: '10.0.0.2', behindNat: true }, { keepalive: 60 }],
  ['6rd', 'networkd', sixRd, { ipv4MaskLength: 8 }],
  ['6to4', 'ifupdown', { ipv4: '8.8.4.4', subnet: '1=eth1' }, { advertise: 'networkd' }],
  ['6to4', 'networkmanager', { ipv4: '8.8.4.4', subnet: '1=eth1' }, { advertise: 'networkd' }],
];

test.each(impossible)('%s for %s: %j works, with %j it cannot', (kind, target, intent, more) => {
  expect(generateTunnel(intent, { kind, target }).ok).toBe(true);
  const made = generateTunnel({ ...intent, ...more }, { kind, target });
  expect(made.ok ? [] : made.problem.map(({ code }) => code)).toEqual(['tunnel-target']);
});

test.each(['netplan', 'networkmanager'] as const)('%s has no 6rd', (target) => {
  const made = generateTunnel(sixRd, { kind: '6rd', target });
  expect(made.ok ? [] : made.problem.map(({ code }) => code)).toEqual(['tunnel-target']);
});

test('everything that is wrong is told at once, under the names that the user knows', () => {
  const made = generateTunnel(
    { ipv4: '10.0.0.1', mtu: 9, name: '' },
    { kind: '6to4', target: 'netplan', nameKey: (key) => `--${key}` },
  );
  expect(made.ok ? [] : made.problem.map(({ message }) => message.split(' ')[0])).toEqual([
    '--ipv4:',
    '--name:',
    '--mtu:',
  ]);
});
