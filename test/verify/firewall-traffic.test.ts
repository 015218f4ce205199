import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { firewallTargets, type FirewallTarget } from '../../src/generate/firewall/firewall-targets.ts';
import { firewallIntents } from '../../src/testing/firewall-intents.ts';

/*
 * A firewall of an admin that drops everything, on a router between a provider and two inside hosts, with a prefix
 * translation as sixgate's. Everything is in namespaces that end with the script. What passes is told by name.
 */
const setUp = `
set -e
mount -t tmpfs none /run
mkdir -p /run/netns
for n in wan lan srv; do ip netns add $n; ip -n $n link set lo up; ip netns exec $n sysctl -qw net.ipv6.conf.default.accept_dad=0; done
sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.forwarding=1
ip link set lo up
ip link add eth0 type veth peer name wire netns wan
ip link add eth1 type veth peer name wire netns lan
ip link add eth2 type veth peer name wire netns srv
for i in eth0 eth1 eth2; do ip link set $i up; done
ip addr add 2001:db8:0:1::2/64 dev eth0 nodad
ip addr add fd12:3456:789a::1/64 dev eth1 nodad
ip addr add fd12:3456:789a:1::1/64 dev eth2 nodad
ip -6 route add default via 2001:db8:0:1::1
ip -n wan link set wire up; ip -n wan addr add 2001:db8:0:1::1/64 dev wire nodad; ip -n wan -6 route add 2001:db8:aa00::/58 via 2001:db8:0:1::2
ip -n lan link set wire up; ip -n lan addr add fd12:3456:789a::10/64 dev wire nodad; ip -n lan -6 route add default via fd12:3456:789a::1
ip -n srv link set wire up; ip -n srv addr add fd12:3456:789a:1::10/64 dev wire nodad; ip -n srv -6 route add default via fd12:3456:789a:1::1
nft -f - <<'EOF'
table ip6 translation {
  chain pre { type nat hook prerouting priority dstnat;
    dnat ip6 prefix to ip6 daddr map { 2001:db8:aa00::/58 : fd12:3456:789a::/58 };
  }
  chain post { type nat hook postrouting priority srcnat;
    oifname "eth0" snat ip6 prefix to ip6 saddr map { fd12:3456:789a::/58 : 2001:db8:aa00::/58 };
    ct status dnat snat ip6 prefix to ip6 saddr map { fd12:3456:789a::/58 : 2001:db8:aa00::/58 };
  }
}
EOF
set +e
ping() { ip netns exec $1 ping -6 -n -c 1 -W 0.3 $2 > /dev/null 2>&1 && echo "$3"; }
tcp() {
  ip netns exec $2 node -e "require('net').createServer((c) => c.end()).listen($4, '::')" & l=$!
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do ip netns exec $2 ss -6ltn | grep -q ":$4 " && break; sleep 0.1; done
  ip netns exec $1 node -e "
    const c = require('net').connect($4, '$3', () => process.exit(0)); c.on('error', () => process.exit(1));
    setTimeout(() => process.exit(1), 300)" && echo "$5"
  kill $l; wait $l 2>/dev/null
}
`;
const probes = `
ping lan 2001:db8:0:1::1 outward
ping lan fd12:3456:789a::1 router
ping wan 2001:db8:aa00:0:0::10 unasked-ping
ping wan 2001:db8:aa00:1::10 pinhole-ping
tcp wan srv 2001:db8:aa00:1::10 443 pinhole-tcp
tcp wan srv 2001:db8:aa00:1::10 444 unasked-tcp
tcp lan srv 2001:db8:aa00:1::10 443 hairpin-pinhole
tcp lan srv fd12:3456:789a:1::10 443 between-subnets
true
`;
const dropAll: Record<FirewallTarget, string> = {
  nftables: `nft -f - <<'EOF'
table inet filter {
  chain sixgate_input { }; chain sixgate_forward { };
  chain input { type filter hook input priority 0; policy drop; jump sixgate_input; }
  chain forward { type filter hook forward priority 0; policy drop; jump sixgate_forward; }
}
EOF
`,
  iptables: `ip6tables -N sixgate-input; ip6tables -N sixgate-forward
ip6tables -P INPUT DROP; ip6tables -P FORWARD DROP; ip6tables -I INPUT -j sixgate-input; ip6tables -I FORWARD -j sixgate-forward
`,
};
const load: Record<FirewallTarget, string> = { nftables: 'nft -f -', iptables: 'ip6tables-restore --noflush' };

function passing(target: FirewallTarget, intent?: string): string[] {
  const hooks =
    intent === undefined
      ? ''
      : `${load[target]} <<'END'\n${firewallTargets[target](firewallIntents[intent]!).text}END\n`;
  const script = `${setUp}${dropAll[target]}${hooks}${probes}`;
  const { status, stdout, stderr } = spawnSync('unshare', ['-nm', 'sh', '-c', script], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (status !== 0 || stderr !== '') throw new Error(`${status}: ${stderr}`);
  return stdout.split('\n').filter((line) => line !== '');
}

const sandboxed = spawnSync('unshare', ['-nm', 'true']).status === 0;

describe.skipIf(!sandboxed).each(['nftables', 'iptables'] as const)(
  'a firewall that drops everything, in %s',
  (target) => {
    test('lets nothing through without the hooks', () => {
      expect(passing(target)).toEqual([]);
    }, 60_000);

    test('with them: the way out, the router, the pinholes also by hairpin, and nothing else', () => {
      expect(passing(target, 'pinholes')).toEqual([
        'outward',
        'router',
        'pinhole-ping',
        'pinhole-tcp',
        'hairpin-pinhole',
      ]);
    }, 60_000);

    test('without hairpin the pinholes are for the uplink alone', () => {
      expect(passing(target, 'no-hairpin')).toEqual(['outward', 'router', 'pinhole-ping', 'pinhole-tcp']);
    }, 60_000);

    test('with everything let in', () => {
      const all = [
        'outward',
        'router',
        'unasked-ping',
        'pinhole-ping',
        'pinhole-tcp',
        'unasked-tcp',
        'hairpin-pinhole',
      ];
      expect(passing(target, 'all-inbound')).toEqual(all);
    }, 60_000);
  },
);
