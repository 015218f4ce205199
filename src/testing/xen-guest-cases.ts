/** Intents as a user would write them, with addresses for documentation, under the name of what is special about each. */
export const xenGuestCases: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  plain: { name: 'web', prefix: '2001:db8:0:101::/64' },
  // The gateway within the prefix and IPv4 point-to-point: the setup of a routed host of old.
  'gateway-in-prefix': {
    name: 'mydomu1',
    prefix: '2001:db8:0:1::/64',
    gateway: '2001:db8:0:1::1',
    ipv4: '192.0.2.31',
    ipv4Gateway: '192.0.2.1',
    mac: '00:16:3e:00:00:01',
    interface: 'eth0',
    gatewaydev: 'eth0',
  },
  everything: {
    name: 'my.omu1',
    device: 1,
    mac: '00:16:3E:00:01:01',
    vifname: 'omu1-inner',
    script: 'vif-route',
    prefix: ['2001:db8:0:102::/64', 'fd12:3456:789a:2::/64'],
    address: ['2001:db8:0:102::25', '2001:db8:0:102::26', '2001:db8:f::25'],
    routed: ['2001:db8:0:110::/60', '2001:db8:0:200::/56'],
    dns: ['2001:db8::53', '192.0.2.53'],
    ipv4: '192.0.2.32',
    ipv4Gateway: '192.0.2.1',
    proxyNdp: true,
  },
  'single-address': { name: 'MYDOMU1', address: '2001:db8:f::10', proxyNdp: true, mac: '00:16:3e:00:00:0a' },
  'second-vif': { name: 'web', device: 1, prefix: '2001:db8:0:103::/64', gateway: 'none' },
  'only-ipv4': { name: 'old', ipv4: '192.0.2.33', ipv4Gateway: '192.0.2.1', dns: '192.0.2.53' },
  'strange-name': { name: 'a \'b\' "c" $(d) ünï %s {x}: #1', prefix: '2001:db8:0:104::/127' },
};
