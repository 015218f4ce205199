import { bringUp } from '../bring-up.ts';
import { expectedOf, install } from '../case-files.ts';
import type { Host } from '../../../qemu/inside/host.ts';
import { pings } from '../../../qemu/inside/ping.ts';
import type { Scene } from '../scene.ts';

/** One line of what "sixgate doctor --json" says. */
interface Finding {
  readonly id: string;
  readonly result: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly found: string;
  readonly mend: string | null;
}

async function ask(host: Host): Promise<{ readonly code: number; readonly findings: readonly Finding[] }> {
  const { code, stdout, stderr } = await host.run(['node', '/sixgate/dist/main.cjs', 'doctor', '--json']);
  if (stdout === '') throw new Error(`exit code ${code}\n${stderr}`);
  return { code, findings: (JSON.parse(stdout) as { checks: Finding[] }).checks };
}

function expectFindings(findings: readonly Finding[], expected: Readonly<Record<string, RegExp>>): void {
  const wrong = Object.entries(expected).filter(([id, wanted]) => {
    const finding = findings.find((each) => each.id === id);
    return !wanted.test(`${finding?.result}: ${finding?.found}`);
  });
  if (wrong.length > 0) throw new Error(`${wrong.map(([id]) => id).join(', ')}\n${print(findings)}`);
}

function print(findings: readonly Finding[]): string {
  return findings
    .filter(({ result }) => result !== 'ok')
    .map(({ id, result, found, mend }) => `${id} ${result}: ${found}\n  -> ${mend}`)
    .join('\n');
}

/** What is not in order about tunnels. */
function tunnelFindings(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ id, result }) => id.startsWith('tunnel') && result !== 'ok');
}

async function expectInOrder(host: Host): Promise<readonly Finding[]> {
  const { code, findings } = await ask(host);
  if (code !== 0 || tunnelFindings(findings).length > 0) throw new Error(`exit code ${code}\n${print(findings)}`);
  return findings;
}

/** The path to the Internet carries 1400 bytes and says nothing. */
const blackHole =
  'ip link set to-alpha mtu 1400; nft "table ip filtered { chain output { type filter hook output priority filter; icmp type destination-unreachable drop; }; }"';

export const doctor: readonly Scene[] = [
  {
    name: 'doctor on a host with tunnels',
    async setUp(lab) {
      await lab.fresh('alpha', 'desk', 'broker');
      const alpha = lab.host('alpha');
      await install(alpha, 'alpha-site');
      await bringUp(alpha, 'ifupdown', expectedOf('alpha-site'));
      await alpha.sh(
        'sysctl -qw net.ipv6.conf.all.forwarding=1; nft -f /etc/sixgate/tunnel-tun6to4.nft;' +
          'ip -6 address replace 2002:cb00:7104:1::1/64 dev lan nodad;' +
          'ip tunnel add tunbroker mode sit remote 192.0.2.99 local 203.0.113.4 ttl 64; ip link set tunbroker up mtu 1480; ip address add 2001:db8:1234::2/64 dev tunbroker',
      );
    },
    checks: [
      {
        name: 'each thing that is broken is told of, and the mends that are printed put all of it right',
        async run(lab) {
          const alpha = lab.host('alpha');
          await lab.host('net').sh(blackHole);
          await alpha.sh(
            'ip tunnel change tun6to4 ttl 0 local 203.0.113.5; ip link set tun6to4 mtu 1480;' +
              'nft delete table ip6 sixgate_tun6to4; ip -6 route flush type unreachable; ip route flush cache;' +
              'ip -6 route add 2000::/3 via ::192.88.99.1 dev tun6to4; sysctl -qw net.ipv6.conf.all.forwarding=0;' +
              'iptables -P INPUT DROP; iptables -A INPUT -p icmp -j ACCEPT;' +
              'printf "iface old inet6 6to4\\n local 203.0.113.4\\n" >/etc/network/interfaces.d/old',
          );
          const { code, findings } = await ask(alpha);
          expectFindings(findings, {
            'tunnel-local:tun6to4': /^problem: 203.0.113.5.* no address of this host/,
            'tunnel-ttl:tun6to4': /^warning/,
            'tunnel-mtu:tun6to4': /^unknown: .*1480 bytes/,
            'tunnel-mtu:tunbroker': /^problem: the path to 192.0.2.99 swallows packets of 1500 bytes/,
            'tunnel-input:tun6to4': /^problem: iptables filter, chain INPUT drops protocol 41/,
            'tunnel-input:tunbroker': /^problem/,
            'tunnel-filter:tun6to4': /^warning: no firewall drops/,
            'tunnel-martians:tun6to4': /^warning: packets for 2002::\/24 leave/,
            'tunnel-relay:tun6to4': /^problem: 2000::\/3 goes .* ::192.88.99.1/,
            'tunnel-relay:/etc/network/interfaces.d/old:1': /^warning/,
            'tunnel-forwarding:tun6to4': /^problem: lan has 2002:cb00:7104:1::\/64/,
          });
          if (code !== 3) throw new Error(`exit code ${code}`);
          await alpha.sh('rm /etc/network/interfaces.d/old');
          const commands = tunnelFindings(findings).filter(({ id }) => !id.includes('/'));
          for (const { mend } of commands) await alpha.sh(mend ?? 'false');
          // The whole filter that is generated has to do as well as the short one that was printed.
          await alpha.sh('nft delete table ip6 filter_tun6to4; nft -f /etc/sixgate/tunnel-tun6to4.nft');
          expectFindings(await expectInOrder(alpha), {
            configuration: /^ok: there is none/,
            'tunnel:tun6to4': /^ok: tun6to4 is a 6to4 tunnel from 203.0.113.4 to all sites/,
            'tunnel-prefix:tun6to4': /^ok: 2002:cb00:7104::\/48 is that of 203.0.113.4/,
          });
        },
      },
    ],
  },
  {
    name: 'doctor on the gateway of a tunnel',
    setUp: (lab) => lab.fresh('gate', 'beta'),
    checks: [
      {
        name: 'an entry from before the rules is told of, and its mend deletes it',
        async run(lab) {
          const [gate, beta] = [lab.host('gate'), lab.host('beta')];
          await gate.sh(
            'nft "table ip tracking { chain input { type filter hook input priority filter; ct state new accept; }; }"',
          );
          await beta.sh(
            'ip tunnel add peer mode sit remote any local 203.0.113.77 ttl 64; ip link set peer up mtu 1280; ip address add 2002:cb00:714d::1/16 dev peer',
          );
          await pings(beta, '2002:c633:6407::1');
          await install(gate, 'gate-nftables');
          await gate.sh('nft -f /etc/sixgate/nat-gateway.nft');
          const finding = (await ask(gate)).findings.find(({ id }) => id === 'tunnel-entries');
          if (finding?.result !== 'problem') throw new Error(JSON.stringify(finding));
          await gate.sh(finding.mend ?? 'false');
          const left = await gate.ok(['conntrack', '-L', '-p', '41']);
          if (left !== '') throw new Error(left);
        },
      },
    ],
  },
];
