import type { TunnelKind } from '../generate/tunnel/tunnel.ts';

/** An intent as a user would write it, with addresses for documentation. */
export interface TunnelCase {
  readonly kind: TunnelKind;
  readonly intent: Readonly<Record<string, unknown>>;
}

/** What tunnels can be asked for, under the name of what is special about it. */
export const tunnelCases: Readonly<Record<string, TunnelCase>> = {
  '6to4-public': { kind: '6to4', intent: { ipv4: '203.0.113.4' } },
  '6to4-nat': {
    kind: '6to4',
    intent: { ipv4: '198.51.100.7', local: '192.168.1.10', subnet: ['1=eth1', { id: 2, interface: 'eth2' }] },
  },
  '6to4-relay': {
    kind: '6to4',
    intent: {
      ipv4: '203.0.113.4',
      relay: '192.0.2.1',
      mtu: 1472,
      ttl: 48,
      filter: 'iptables',
      subnet: '1=eth1',
      subnets: 3,
      advertise: 'dnsmasq',
    },
  },
  '6to4-real': { kind: '6to4', intent: { ipv4: '8.8.4.4', name: 'six.to-4', filter: 'none' } },
  '6rd': {
    kind: '6rd',
    intent: { ipv4: '203.0.113.4', prefix: '2001:db8::/32', relay: '192.0.2.1', subnet: '0=eth1' },
  },
  '6rd-mask': {
    kind: '6rd',
    intent: {
      ipv4: '10.20.30.40',
      prefix: '2001:db8:4000::/34',
      ipv4MaskLength: 8,
      relay: '10.0.0.1',
      filter: 'iptables',
    },
  },
  '6rd-long-prefix': {
    kind: '6rd',
    intent: {
      ipv4: '198.51.100.7',
      prefix: '2001:db8:1:2000::/52',
      ipv4MaskLength: 20,
      relay: '198.51.96.1',
      filter: 'iptables',
    },
  },
  '6in4': {
    kind: '6in4',
    intent: {
      local: '203.0.113.4',
      remote: '192.0.2.99',
      address: '2001:db8:1234::2/64',
      routed: '2001:db8:5678::/48',
      subnet: ['0=eth1', '255=eth2'],
      mtu: 1480,
    },
  },
  '6to4-networkd': { kind: '6to4', intent: { ipv4: '203.0.113.4', subnet: '1=eth1', advertise: 'networkd' } },
  '6in4-keepalive': {
    kind: '6in4',
    intent: {
      local: '192.168.1.10',
      remote: '192.0.2.99',
      address: '2001:db8:1234::1/64',
      behindNat: true,
      keepalive: 60,
      filter: 'iptables',
    },
  },
  '6in4-nat': {
    kind: '6in4',
    intent: {
      local: '192.168.1.10',
      ipv4: '198.51.100.7',
      remote: '192.0.2.99',
      address: '2001:db8:1234::2/127',
      gateway: '2001:db8:1234::3',
      routed: '2001:db8:5678:1::/64',
      subnet: '0=lan',
    },
  },
};

export const natGatewayCases: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  anybody: { external: '198.51.100.7', target: '192.168.1.10', wan: 'eth0', lan: 'eth1' },
  peers: { external: '198.51.100.7', target: '192.168.1.10', peer: ['192.0.2.99', '203.0.113.5'], wan: 'ppp0' },
  bare: { external: '198.51.100.7', target: ['10.0.0.2'] },
};
