import type { Host } from '../../qemu/inside/host.ts';

/**
 * Tunnel ends that are not under test, with `ip` alone and independent of all generators. 203.0.113.4 is cb00:7104,
 * 203.0.113.77 cb00:714d, 203.0.113.78 cb00:714e, 203.0.113.79 cb00:714f, 198.51.100.7 c633:6407, 198.51.100.66 c633:6442.
 */
export async function betaBySixToFour(beta: Host): Promise<void> {
  await beta.ip(
    'tunnel add peer mode sit remote any local 203.0.113.77 ttl 64',
    'link set peer up mtu 1280',
    'address add 2002:cb00:714d::1/16 dev peer',
  );
}

/** Another customer of the 6rd provider. */
export async function gammaBySixRd(gamma: Host): Promise<void> {
  await gamma.ip(
    'tunnel add customer mode sit remote any local 203.0.113.78 ttl 64',
    'tunnel 6rd dev customer 6rd-prefix 2001:db8::/32',
    'link set customer up mtu 1280',
    'address add 2001:db8:cb00:714e::1/32 dev customer',
  );
}

/** Border relay of a 6rd provider, which also plays the Internet behind it: 2001:4860:4860::8888. */
export async function borderRelay(relay: Host): Promise<void> {
  await relay.ip(
    'tunnel add domain mode sit remote any local 192.0.2.1 ttl 64',
    'tunnel 6rd dev domain 6rd-prefix 2001:db8::/32',
    'link set domain up mtu 1480',
    'route add 2001:db8::/32 dev domain',
    `address add ${internet}/128 dev lo`,
  );
}

/** The other end of 6in4 with 2001:db8:5678::/48 routed into it. */
export async function brokerEnd(broker: Host, own: string, client: string): Promise<void> {
  await broker.ip(
    `tunnel add end mode sit remote ${client} local ${own} ttl 64`,
    'link set end up mtu 1480',
    'address add 2001:db8:1234::1/64 dev end',
    'route add 2001:db8:5678::/48 dev end',
    `address add ${internet}/128 dev lo`,
  );
}

export const internet = '2001:4860:4860::8888';

/** A gateway as people have them: masquerading, nothing in from outside, replies and whatever is not protocol 41 pass. */
export async function natGateway(gate: Host, include = ''): Promise<void> {
  await gate.ok(['nft', '-f', '-'], {
    input: `table ip own
delete table ip own
table ip own {
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    ${include}
    iifname "lan" oifname "wan" ip protocol != 41 accept
  }
  chain postrouting { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
}
`,
  });
}
