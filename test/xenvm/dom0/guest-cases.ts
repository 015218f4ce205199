/** A guest of the lab, with what its generator is given for each interface. */
export interface GuestCase {
  readonly type: 'pv' | 'pvh';
  readonly target: 'ifupdown' | 'netplan' | 'networkd';
  readonly vifs: readonly Readonly<Record<string, unknown>>[];
  /** Whether its vifs are in the configuration of sixgate. */
  readonly configured: boolean;
}

export const guestCases = {
  // The gateway in the prefix and IPv4 point-to-point, as old how-tos have it.
  mydomu1: one('pv', 'ifupdown', 1, { prefix: '2001:db8:101:1::/64', gateway: '2001:db8:101:1::1' }),
  MYDOMU1: one('pvh', 'networkd', 2, { prefix: '2001:db8:101:2::/64' }),
  'my.omu1': one('pv', 'netplan', 3, { prefix: '2001:db8:101:3::/64' }),
  twin: {
    type: 'pv',
    target: 'ifupdown',
    configured: true,
    vifs: [
      vif(4, 0, { prefix: '2001:db8:101:4::/64', routed: '2001:db8:102::/60' }),
      vif(5, 1, { prefix: '2001:db8:101:5::/64', gateway: 'none', vifname: 'inner1' }),
      // Attached while it runs.
      vif(6, 2, { prefix: '2001:db8:101:6::/64', gateway: 'none' }),
    ],
  },
  single: one('pv', 'ifupdown', 7, { address: '2001:db8:f::10', proxyNdp: true }),
  // Of docs/guides, which writes its entry.
  web1: {
    ...one('pv', 'ifupdown', 0xa, { prefix: '2001:db8:101:a::/64', ipv4: '192.0.2.40' }),
    configured: false,
  },
  late: { ...one('pvh', 'ifupdown', 8, { prefix: '2001:db8:101:8::/64' }), configured: false },
  six: {
    type: 'pvh',
    target: 'ifupdown',
    configured: false,
    vifs: [{ device: 0, interface: 'eth0', mac: macOf(9), address: '2001:db8:101:9::2' }],
  },
} as const satisfies Record<string, GuestCase>;

export type GuestName = keyof typeof guestCases;

function one(
  type: GuestCase['type'],
  target: GuestCase['target'],
  number: number,
  intent: Readonly<Record<string, unknown>>,
): GuestCase {
  return { type, target, configured: true, vifs: [vif(number, 0, intent)] };
}

function vif(
  number: number,
  device: number,
  intent: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const ipv4 = { ipv4: `192.0.2.${30 + number}`, ipv4Gateway: '192.0.2.1' };
  return { device, interface: `eth${device}`, mac: macOf(number), ...ipv4, ...intent };
}

/** Whose link-local address is fe80::216:3eff:fe00:NUMBER. */
function macOf(number: number): string {
  return `00:16:3e:00:00:0${number.toString(16)}`;
}
