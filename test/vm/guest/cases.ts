/** What is generated for the test machine, by the command line, outside of it. Each becomes a directory of files. */
export interface Case {
  readonly kind: '6to4' | '6rd' | '6in4' | 'nat-gateway';
  readonly target: string;
  readonly intent: Readonly<Record<string, unknown>>;
}

const targets = ['ifupdown', 'networkd', 'netplan', 'networkmanager'] as const;
export type Target = (typeof targets)[number];

const alpha = { ipv4: '203.0.113.4' };
const inner = { ipv4: '198.51.100.7', local: '192.168.1.10' };
const sixRd = { prefix: '2001:db8::/32', relay: '192.0.2.1' };
const broker = {
  remote: '192.0.2.99',
  address: '2001:db8:1234::2/64',
  gateway: '2001:db8:1234::1',
  routed: '2001:db8:5678::/48',
};
const gate = { external: '198.51.100.7', target: '192.168.1.10', wan: 'wan', lan: 'lan' };

export const cases = {
  ...forTargets('alpha', '6to4', alpha, targets),
  ...forTargets('inner', '6to4', inner, targets),
  ...forTargets('customer', '6rd', { ...alpha, ...sixRd }, ['ifupdown', 'networkd']),
  ...forTargets(
    'customer-masked',
    '6rd',
    { ...alpha, prefix: '2001:db8::/40', ipv4MaskLength: 16, relay: '203.0.113.78' },
    ['ifupdown'],
  ),
  ...forTargets('client', '6in4', { ...broker, local: '203.0.113.4' }, targets),
  ...forTargets('inner-client', '6in4', { ...broker, local: '192.168.1.10', remote: '192.0.2.88', behindNat: true }, [
    'ifupdown',
  ]),
  'customer-iptables': { kind: '6rd', target: 'ifupdown', intent: { ...alpha, ...sixRd, filter: 'iptables' } },
  ...forTargets(
    'den',
    '6in4',
    { ...broker, local: '192.168.1.10', remote: '192.0.2.77', behindNat: true, keepalive: 10 },
    ['ifupdown'],
  ),
  'alpha-iptables': { kind: '6to4', target: 'ifupdown', intent: { ...alpha, filter: 'iptables' } },
  'alpha-1480': { kind: '6to4', target: 'ifupdown', intent: { ...alpha, mtu: 1480 } },
  'alpha-site': { kind: '6to4', target: 'ifupdown', intent: { ...alpha, subnet: ['1=lan'], advertise: 'none' } },
  'alpha-relay': { kind: '6to4', target: 'ifupdown', intent: { ...alpha, relay: '192.0.2.1' } },
  'gate-nftables': { kind: 'nat-gateway', target: 'nftables', intent: gate },
  'gate-iptables': { kind: 'nat-gateway', target: 'iptables', intent: gate },
  'gate-peer-nftables': { kind: 'nat-gateway', target: 'nftables', intent: { ...gate, peer: ['192.0.2.88'] } },
} as const satisfies Record<string, Case>;

export type CaseName = keyof typeof cases;

type Named<Who extends string, For extends string> = { [Each in For as `${Who}-${Each}`]: Case };

function forTargets<Who extends string, For extends Target>(
  who: Who,
  kind: Case['kind'],
  intent: Case['intent'],
  list: readonly For[],
): Named<Who, For> {
  const entries = list.map((target): [string, Case] => [`${who}-${target}`, { kind, target, intent }]);
  return Object.fromEntries(entries) as Named<Who, For>;
}
