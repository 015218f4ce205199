import { describe, expect, test } from 'vitest';
import { generateNatGateway, type NatGatewayTarget } from '../../src/generate/nat-gateway/generate-nat-gateway.ts';
import { natGatewayCases } from '../../src/testing/tunnel-cases.ts';
import { inNamespace, sandboxed } from './in-namespace.ts';
import { rawPacket } from './raw-packet.ts';

/*
 * A peer outside, the gateway (this namespace) with two public addresses and a firewall that drops everything, and the host
 * inside. Packets of protocol 41 are made by hand: what a gateway does with them needs no tunnel at its ends.
 */
const setUp = `
set -e
for n in out in; do ip netns add $n; ip -n $n link set lo up; done
ip link set lo up
ip link add eth0 type veth peer name wire netns out; ip link add eth1 type veth peer name wire netns in
for i in eth0 eth1; do ip link set $i up; done
ip addr add 198.51.100.8/24 dev eth0; ip addr add 198.51.100.7/24 dev eth0; ip addr add 192.168.1.1/24 dev eth1
ip route add default dev eth0
ip -n out link set wire up; for a in 192.0.2.99 192.0.2.98; do ip -n out addr add $a/32 dev wire; done
ip -n out route add 198.51.100.0/24 dev wire; ip -n out route add 192.168.1.0/24 dev wire
ip -n in link set wire up; ip -n in addr add 192.168.1.10/24 dev wire; ip -n in addr add 10.0.0.2/24 dev wire
ip route add 10.0.0.0/24 dev eth1
ip -n in route add default via 192.168.1.1
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 net.ipv4.conf.eth0.proxy_arp=1
for a in 192.0.2.99 192.0.2.98; do ip route get $a > /dev/null; done
ip netns exec out sysctl -qw net.ipv4.conf.wire.proxy_arp=1
ip netns exec in nft -f - <<'EOF'
table ip seen { chain input { type filter hook prerouting priority -300;
ip protocol 41 ip saddr 192.0.2.99 counter comment "in-99"
ip protocol 41 ip saddr 192.0.2.98 counter comment "in-98"
}
}
EOF
ip netns exec out nft -f - <<'EOF'
table ip seen { chain input { type filter hook prerouting priority -300;
ip protocol 41 ip saddr 198.51.100.7 counter comment "out-right"
ip protocol 41 ip saddr != 198.51.100.7 counter comment "out-wrong"
}
}
EOF
inward() { ip netns exec out ${rawPacket({ from: '192.0.2.99', to: '198.51.100.7', inner: '2002::1' })}; }
stranger() { ip netns exec out ${rawPacket({ from: '192.0.2.98', to: '198.51.100.7', inner: '2002::1' })}; }
outward() { ip netns exec in ${rawPacket({ from: '192.168.1.10', to: '192.0.2.99', inner: '2002::1' })}; }
seen() { sleep 0.05; for n in in out; do ip netns exec $n nft list table ip seen; done | sed -n 's/.*packets \\([0-9]*\\) .*comment "\\(.*\\)"/\\2 \\1/p'; }
`;

/** The admin's own firewall, before and after our files come into play. */
const firewall: Record<NatGatewayTarget, { before: string; apply: string }> = {
  nftables: {
    before: `nft -f - <<'EOF'
table inet filter { chain forward { type filter hook forward priority filter; policy drop; }
}
EOF
`,
    apply: `nft -f - <<EOF
table inet filter { chain forward {
include "$files/nat-gateway-forward.nft"
}
}
EOF
sh $files/nat-gateway.sh
`,
  },
  iptables: { before: 'iptables -P FORWARD DROP\n', apply: 'sh $files/nat-gateway.sh\n' },
};

function filesOf(intent: object, target: NatGatewayTarget): Record<string, string> {
  const made = generateNatGateway(intent, target);
  if (!made.ok) throw new Error(made.problem[0]!.message);
  const relocated = (text: string): string => text.replaceAll('/etc/sixgate/', '/run/files/');
  return Object.fromEntries(
    made.value.files.map(({ path, text }) => [path.replace('/etc/sixgate/', ''), relocated(text)]),
  );
}

function seen(script: string, files: Record<string, string>): Record<string, number> {
  const { code, stdout, stderr } = inNamespace(`${setUp}${script}seen`, files);
  if (code !== 0 || stderr !== '') throw new Error(`${code}: ${stderr}${stdout}`);
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name, count]) => [name!, Number(count)]),
  );
}

describe.skipIf(!sandboxed).each(['nftables', 'iptables'] as const)('a gateway with %s', (target) => {
  const { before, apply } = firewall[target];
  const anybody = filesOf(natGatewayCases['anybody']!, target);

  test('lets nothing through before', () => {
    const counted = seen(`${before}inward; stranger; outward\n`, anybody);
    expect(counted).toEqual({ 'in-99': 0, 'in-98': 0, 'out-right': 0, 'out-wrong': 0 });
  });

  test('hands protocol 41 to the host, both ways and with the exact address', () => {
    const counted = seen(`${before}${apply}inward; stranger; outward\n`, anybody);
    expect(counted).toEqual({ 'in-99': 1, 'in-98': 1, 'out-right': 1, 'out-wrong': 0 });
  });

  test('the host may begin', () => {
    const counted = seen(`${before}${apply}outward; outward; inward\n`, anybody);
    expect(counted).toEqual({ 'in-99': 1, 'in-98': 0, 'out-right': 2, 'out-wrong': 0 });
  });

  test('with peers: only they get in', () => {
    const files = filesOf({ ...natGatewayCases['peers']!, wan: 'eth0' }, target);
    const counted = seen(`${before}${apply}inward; stranger; outward\n`, files);
    expect(counted).toEqual({ 'in-99': 1, 'in-98': 0, 'out-right': 1, 'out-wrong': 0 });
  });

  test('without interfaces', () => {
    const files = filesOf({ ...natGatewayCases['bare']!, target: '192.168.1.10' }, target);
    const counted = seen(`${before}${apply}inward; stranger; outward\n`, files);
    expect(counted).toEqual({ 'in-99': 1, 'in-98': 1, 'out-right': 1, 'out-wrong': 0 });
  });

  // The entry of a packet that came before the rules, with the gateway itself as its destination.
  const tracked = `nft add table ip track
nft 'add chain ip track pre { type filter hook prerouting priority -200; }'
nft add rule ip track pre ct state new counter
inward
`;
  test('an entry from before is deleted', () => {
    const counted = seen(`${before}${tracked}${apply}inward\n`, anybody);
    expect(counted['in-99']).toBe(1);
  });

  test('and would make the rules useless otherwise', () => {
    const kept = apply.replace('sh $files/nat-gateway.sh', "sed '/^conntrack/d' $files/nat-gateway.sh | sh");
    const counted = seen(`${before}${tracked}${kept}inward; inward\n`, anybody);
    expect(counted['in-99']).toBe(0);
  });

  test('twice is as good as once', () => {
    const { code, stdout, stderr } = inNamespace(
      `${setUp}${before}${apply}
show() { nft list ruleset 2>/dev/null; iptables-save | sed '/^[#:]/d'; }
show > $files/one; sh $files/nat-gateway.sh; show | diff $files/one - && echo same`,
      anybody,
    );
    expect({ code, stderr, stdout: stdout.trim() }).toEqual({ code: 0, stderr: '', stdout: 'same' });
  });
});

describe.skipIf(!sandboxed)('iptables-restore', () => {
  test.each(Object.entries(natGatewayCases))(
    'does the same by the commands in the head of the file: %s',
    (name, intent) => {
      const wan = 'wan' in intent ? { wan: 'eth0' } : {};
      const files = filesOf({ ...intent, ...wan, target: '192.168.1.10' }, 'iptables');
      const commands = [...files['nat-gateway.rules4']!.matchAll(/^# {5}(.*)$/gm)]
        .map(([, command]) => command)
        .join('\n');
      const counted = seen(`${firewall.iptables.before}${commands}\n${commands}\ninward; stranger; outward\n`, files);
      expect(counted).toEqual({ 'in-99': 1, 'in-98': name === 'peers' ? 0 : 1, 'out-right': 1, 'out-wrong': 0 });
    },
  );

  test('refuses a bad twin', () => {
    const text = filesOf(natGatewayCases['anybody']!, 'iptables')['nat-gateway.rules4']!;
    const refused = (bad: string): number | null =>
      inNamespace('iptables-restore --noflush < $files/r || exit 3', { r: bad }).code;
    expect(refused(text)).toBe(0);
    expect(refused(text.replace('--to-destination', '--to-source'))).toBe(3);
    expect(refused(text.replace('192.168.1.10/32', '192.168.1.10/33'))).toBe(3);
  });
});

test.skipIf(!sandboxed)('nft refuses a bad twin', () => {
  const text = filesOf(natGatewayCases['anybody']!, 'nftables')['nat-gateway.nft']!;
  const refused = (bad: string): number | null => inNamespace('nft -f $files/r || exit 3', { r: bad }).code;
  expect(refused(text)).toBe(0);
  expect(refused(text.replace('dnat to', 'snat to'))).toBe(3);
  expect(refused(text.replace('hook prerouting', 'hook preroute'))).toBe(3);
});
