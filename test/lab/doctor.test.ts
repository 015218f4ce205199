import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GroupedFinding } from '../../src/engine/doctor/checks.ts';
import { Lab } from './lab.ts';
import { repositoryRoot } from './repository.ts';
import { waitUntil } from './wait-until.ts';

// `sixgate doctor` on a router with everything real: each thing is broken for real, seen, mended by what the doctor
// prints where that is a command, and seen to be well again.

const config = `
uplinks:
  dsl:
    interface: eth0
    prefix: { from: dhcpcd, length: 58 }
networks:
  home:
    prefix: fd12:3456:789a::/58
    subnets:
      lan: { id: 0, interface: eth1 }
      servers: { id: 1, interface: eth2 }
translate:
  - { network: home, uplink: dsl }
`;

let lab: Lab;

async function ask(): Promise<{ code: number; checks: readonly GroupedFinding[] }> {
  const conf = join(lab.router.shell.directory, 'dhcpcd.conf');
  const { code, stdout, stderr } = await lab.router.sixgate('doctor', '--json', '--dhcpcd-conf', conf);
  if (stderr !== '') throw new Error(stderr);
  const answer = JSON.parse(stdout) as { schemaVersion: number; checks: readonly GroupedFinding[] };
  expect(answer.schemaVersion).toBe(1);
  return { code, checks: answer.checks };
}

async function finding(id: string): Promise<GroupedFinding> {
  const { checks } = await ask();
  const found = checks.find((check) => check.id === id);
  if (!found) throw new Error(`no check ${id} among ${checks.map((check) => check.id).join(', ')}`);
  return found;
}

const sh = (script: string): Promise<string> =>
  lab.router.shell.exec(['sh', '-e', '-c', `cd ${lab.router.shell.directory}; ${script}`]);

beforeAll(async () => {
  lab = await Lab.start({ name: 'doctor' });
  await lab.router.startDhcpcd();
  await lab.router.waitForPrefix();
  const daemon = lab.router.startSixgate(config);
  writeFileSync(join(lab.router.shell.directory, 'run/daemon.pid'), String(daemon.pid));
  await waitUntil('everything in order', async () => (await ask()).checks.every(({ result }) => result === 'ok'), {
    timeout: 20_000,
    interval: 300,
  }).catch(async (error: unknown) => {
    const { checks } = await ask();
    throw new Error(
      JSON.stringify(
        checks.filter(({ result }) => result !== 'ok'),
        undefined,
        1,
      ),
      { cause: error },
    );
  });
}, 40_000);

afterAll(() => lab?.stop());

test('a router in order: every check is ok, exit code 0', async () => {
  const { code, checks } = await ask();
  expect(code).toBe(0);
  expect(new Set(checks.map(({ group }) => group))).toEqual(
    new Set(['configuration', 'this machine', 'interfaces', 'prefix', 'firewall', 'sixgate']),
  );
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
});

interface Breakage {
  readonly what: string;
  readonly id: string;
  readonly break: string;
  readonly result: 'warning' | 'problem' | 'unknown';
  readonly found: RegExp;
  /** What puts it right; left out where the mend that is printed is a command. */
  readonly mend?: string;
  /** What takes the rest away afterwards. */
  readonly undo?: string;
}

const dropAll = (chain: string, rules: string): string =>
  `nft 'table inet other { chain ${chain} { type filter hook ${chain} priority 10; policy drop; ${rules}; }; }'`;
const gone = 'nft delete table inet other';
const gone6 = 'nft delete table ip6 filter';

const breakages: readonly Breakage[] = [
  {
    what: 'forwarding is off',
    id: 'forwarding',
    // Switching it off for all switches accept_ra's meaning too, and off for each; see the next two.
    break: 'echo 0 > /proc/sys/net/ipv6/conf/all/forwarding',
    result: 'problem',
    found: /does not forward/,
  },
  {
    what: 'a LAN side says that it is no router',
    id: 'forwarding:eth1',
    break: 'echo 0 > /proc/sys/net/ipv6/conf/eth1/forwarding',
    result: 'warning',
    found: /eth1/,
  },
  {
    what: 'IPv6 is switched off at a LAN',
    id: 'ipv6-disabled:eth2',
    break: 'echo 1 > /proc/sys/net/ipv6/conf/eth2/disable_ipv6',
    result: 'problem',
    found: /switched off at eth2/,
    undo: 'ip -6 address replace fd12:3456:789a:1::1/64 dev eth2 nodad',
  },
  {
    what: 'dhcpcd is told what only newer ones know',
    id: 'dhcpcd-version',
    break: "cp dhcpcd.conf kept.conf; sed -i 's/^[[:space:]]*ia_pd.*/ia_pd 1\\/::\\/58 -/' dhcpcd.conf",
    result: 'problem',
    found: /known from dhcpcd 10\.0\.6 on/,
    mend: 'mv kept.conf dhcpcd.conf',
  },
  {
    what: 'dhcpcd listens to everybody',
    id: 'dhcpcd-version',
    break: 'cp dhcpcd.conf kept.conf; echo noauthrequired >> dhcpcd.conf',
    result: 'warning',
    found: /makes dhcpcd renew/,
    mend: 'mv kept.conf dhcpcd.conf',
  },
  {
    what: 'router advertisements are not accepted',
    id: 'accept-ra:eth0',
    break: 'echo 1 > /proc/sys/net/ipv6/conf/eth0/accept_ra',
    result: 'warning',
    found: /does not hear router advertisements/,
  },
  {
    what: 'there is no default route',
    id: 'default-route:eth0',
    // Else an advertisement can put it back before doctor looks.
    break: 'sysctl -qw net.ipv6.conf.eth0.accept_ra_defrtr=0; ip -6 route del default',
    result: 'problem',
    found: /nothing gets out/,
    mend: 'ip -6 route replace default via fe80::1 dev eth0 proto ra',
    undo: 'sysctl -qw net.ipv6.conf.eth0.accept_ra_defrtr=1',
  },
  {
    what: 'the router uses an inside address itself',
    id: 'source-address',
    break: 'ip -6 route add default via fe80::1 dev eth0 metric 1 src fd12:3456:789a::1',
    result: 'warning',
    found: /fd12:3456:789a::1/,
    mend: 'ip -6 route del default metric 1',
  },
  {
    what: 'a LAN has no address',
    id: 'address:servers',
    break: 'ip -6 address del fd12:3456:789a:1::1/64 dev eth2',
    result: 'problem',
    found: /eth2 has no address of subnet servers/,
  },
  {
    what: 'the address of a LAN has the length /128',
    id: 'address:lan',
    break: 'ip -6 address del fd12:3456:789a::1/64 dev eth1; ip -6 address add fd12:3456:789a::1/128 dev eth1',
    result: 'warning',
    found: /does not know that fd12:3456:789a::\/64 is on this link/,
    mend: 'ip -6 address del fd12:3456:789a::1/128 dev eth1; ip -6 address add fd12:3456:789a::1/64 dev eth1',
  },
  {
    what: 'a LAN side is down',
    id: 'interface:eth2',
    break: 'ip link set eth2 down',
    result: 'problem',
    found: /is down/,
    // The kernel takes the addresses away with the link.
    undo: 'ip -6 address replace fd12:3456:789a:1::1/64 dev eth2 nodad',
  },
  {
    what: 'hosts have IPv4 too',
    id: 'address-preference',
    break: 'ip address add 192.0.2.1/24 dev eth1',
    result: 'warning',
    found: /eth1 have IPv4 too/,
    mend: 'ip address del 192.0.2.1/24 dev eth1',
  },
  {
    what: 'dhcpcd runs a hook that is not there',
    id: 'hook:eth0',
    break: `cp dhcpcd.conf dhcpcd.own; sed -i '/^script /d; 1i script /etc/sixgate/gone' dhcpcd.conf`,
    result: 'problem',
    found: /no hook for dhcpcd \(\/etc\/sixgate\/gone\)/,
    mend: 'cp dhcpcd.own dhcpcd.conf',
  },
  {
    what: 'TCP connections are not picked up',
    id: 'tcp-loose',
    break: 'echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose',
    result: 'warning',
    found: /midway/,
  },
  {
    what: 'a firewall drops all that comes in',
    id: 'firewall-dhcpv6:eth0',
    break: dropAll('input', 'icmpv6 type != echo-request accept'),
    result: 'problem',
    found: /inet other, chain input drops the answers of the DHCPv6 server on eth0/,
    undo: gone,
  },
  {
    what: 'that firewall lets them in by another rule',
    id: 'firewall-dhcpv6:eth0',
    break: dropAll('input', 'iifname "eth1" udp dport 546 accept; ip6 saddr fe80::/10 udp dport 500-600 counter drop'),
    result: 'problem',
    found: /inet other, chain input/,
    undo: gone,
  },
  {
    what: 'a firewall drops neighbour discovery',
    id: 'firewall-neighbours',
    break: dropAll('input', 'udp dport 546 accept'),
    result: 'problem',
    found: /drops router advertisements on eth0/,
    undo: gone,
  },
  {
    what: 'a firewall drops ICMPv6 errors',
    id: 'firewall-icmpv6',
    break: dropAll('forward', 'ct state established accept; iifname { "eth1", "eth2" } accept'),
    result: 'problem',
    found: /drops "packet too big" for flows of lan/,
    undo: gone,
  },
  {
    what: 'a firewall forwards nothing from inside',
    id: 'firewall-forward:servers',
    break: dropAll(
      'forward',
      'ct state vmap { established : accept, related : accept }; iifname eth1 oifname eth0 accept',
    ),
    result: 'problem',
    found: /drops new connections from servers to the Internet/,
    undo: gone,
  },
  {
    what: 'a firewall forwards no answers',
    id: 'firewall-forward:lan',
    break: dropAll('forward', 'iifname { "eth1", "eth2" } accept'),
    result: 'problem',
    found: /drops answers from the Internet to lan/,
    undo: gone,
  },
  {
    what: 'a firewall decides by something not understood',
    id: 'firewall-forward:lan',
    break: dropAll('forward', 'meta mark 0x1 accept'),
    result: 'unknown',
    found: /cannot be told/,
    mend: gone,
  },
  {
    what: 'ip6tables drops the DHCPv6 server',
    id: 'firewall-dhcpv6:eth0',
    break: 'ip6tables -A INPUT -p ipv6-icmp -j ACCEPT; ip6tables -P INPUT DROP',
    result: 'problem',
    found: /ip6tables filter, chain INPUT/,
    undo: gone6,
  },
  {
    what: 'ip6tables rejects what is forwarded',
    id: 'firewall-forward:lan',
    break: `ip6tables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; ip6tables -A FORWARD -i eth1 -j REJECT`,
    result: 'problem',
    found: /ip6tables filter, chain FORWARD/,
    undo: gone6,
  },
  {
    what: 'ip6tables masquerades what leaves',
    id: 'foreign-nat',
    break: `ip6tables -t nat -A POSTROUTING -o eth0 -j MASQUERADE`,
    result: 'problem',
    found: /ip6tables nat, chain POSTROUTING translates what home sends to eth0/,
    mend: 'nft delete table ip6 nat',
  },
  {
    what: 'somebody changed the guard',
    id: 'in-force',
    // Stopped for as long as that takes, or it would be repaired before anybody could look.
    break: 'kill -STOP $(cat run/daemon.pid); nft insert rule inet sixgate_guard leave accept',
    result: 'problem',
    found: /inet sixgate_guard is not as it should be/,
    mend: 'kill -CONT $(cat run/daemon.pid); sleep 0.5',
  },
  {
    what: 'what the provider says of the largest packet is not heeded',
    id: 'mtu:eth0',
    break: 'echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_ra_mtu',
    result: 'warning',
    found: /is not heeded/,
  },
  {
    what: 'a LAN takes small packets only',
    id: 'mtu:eth2',
    break: 'ip link set dev eth2 mtu 1279',
    result: 'problem',
    found: /eth2 takes packets of up to 1279 bytes/,
    mend: 'ip link set dev eth2 mtu 1500; sleep 0.3; ip -6 address replace fd12:3456:789a:1::1/64 dev eth2 nodad',
  },
  {
    what: 'a firewall lets this router tell no host that a packet is too big',
    id: 'firewall-icmpv6',
    break: dropAll(
      'output',
      'ct state established accept; icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept; meta l4proto udp accept',
    ),
    result: 'problem',
    found: /drops "packet too big" that this router sends to lan/,
    undo: gone,
  },
  {
    what: 'the uplink takes small packets only',
    id: 'mtu:eth0',
    break: 'ip link set dev eth0 mtu 1279',
    result: 'problem',
    found: /1279 bytes/,
    mend: 'ip link set dev eth0 mtu 1500',
  },
];

test.each(breakages)('$what', async ({ id, break: script, result, found, mend, undo }) => {
  await sh(script);
  try {
    // Asked once: the next router advertisement puts a route back.
    const { code, checks } = await ask();
    let now = checks.find((check) => check.id === id)!;
    expect(now).toMatchObject({ result, found: expect.stringMatching(found) as unknown });
    expect(code).toBe(result === 'problem' ? 3 : 0);
    // A firewall may stop several kinds of packets; each mend is for the one that is told of.
    for (let tries = 0; now.result !== 'ok' && tries < 12; tries++) {
      await sh(mend !== undefined && tries === 0 ? mend : (now.mend ?? 'false'));
      now = await finding(id);
    }
    expect(now).toMatchObject({ result: 'ok', mend: null });
  } finally {
    if (undo !== undefined) await sh(undo);
  }
});

const foreignClient = `
import socket, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("::", 546))
time.sleep(60)
`;

test('each that is not there any longer: the daemon, dhcpcd killed, the configuration', async () => {
  const { shell } = lab.router;
  await sh('pkill -KILL -x -f "dhcpcd: .manager.*" --ns $$ --nslist net');
  // The parts of a dhcpcd 9 stay behind and hold the port; those of a 10.1 end with their manager.
  if ((await shell.exec(['dhcpcd', '--version'])).startsWith('dhcpcd 9')) {
    const orphan = await finding('dhcp-client:eth0');
    expect(orphan).toMatchObject({
      result: 'problem',
      found: expect.stringMatching(/a dhcpcd that is gone/) as unknown,
    });
    await sh(orphan.mend!);
  }
  await expect
    .poll(async () => (await finding('dhcp-client:eth0')).found, { timeout: 5000 })
    .toMatch(/no DHCPv6 client listens on eth0/);
  const other = lab.router.shell.spawn(['python3', '-c', foreignClient], { label: 'other-client' });
  await expect
    .poll(async () => (await finding('dhcp-client:eth0')).found, { timeout: 5000 })
    .toMatch(/^python3 \(process \d+\) is the DHCPv6 client on eth0, and not dhcpcd/);
  await other.stop();
  await lab.router.startDhcpcd();
  await expect.poll(async () => (await finding('dhcp-client:eth0')).result, { timeout: 5000 }).toBe('ok');

  await sh('kill $(cat run/daemon.pid)');
  await expect.poll(async () => (await finding('daemon')).result, { timeout: 5000 }).toBe('problem');
  expect(await finding('held-guard')).toMatchObject({ result: 'warning' });
  expect(await finding('in-force')).toMatchObject({ result: 'ok' });
  await sh('nft flush ruleset');
  expect(await finding('in-force')).toMatchObject({ result: 'problem', mend: 'sixgate apply' });
  expect((await lab.router.sixgate('apply')).code).toBe(0);
  expect(await finding('in-force')).toMatchObject({ result: 'ok' });

  writeFileSync(join(shell.directory, 'config.yaml'), 'uplinks: [\n');
  const { code, checks } = await ask();
  expect(code).toBe(3);
  expect(checks[0]).toMatchObject({ id: 'configuration', result: 'problem' });
  expect(checks.find(({ id }) => id === 'firewall-forward')).toMatchObject({ result: 'unknown' });
});

test('what only root may see is unknown for others, not well', async () => {
  // The lab's own directory is root's alone, and so is a checkout in /root, with its Node.
  writeFileSync(join(lab.router.shell.directory, 'config.yaml'), config);
  await sh('mkdir -p /run/open; cp -r config.yaml dhcpcd.conf run state /run/open');
  const program = [join(repositoryRoot, 'bin'), join(repositoryRoot, 'dist'), process.execPath];
  await lab.router.shell.exec(['cp', '-r', ...program, '/run/open']);
  await sh('chmod -R a+rX /run/open');
  const sixgate = ['/run/open/node', '/run/open/bin/sixgate', 'doctor', '--json'];
  sixgate.push('--dhcpcd-conf', '/run/open/dhcpcd.conf');
  const paths = [
    '--config',
    '/run/open/config.yaml',
    '--runtime-dir',
    '/run/open/run',
    '--state-dir',
    '/run/open/state',
  ];
  const user = ['setpriv', '--reuid', '65534', '--clear-groups'];
  const { stdout } = await lab.router.shell.attempt([...user, ...sixgate, ...paths]);
  const { checks } = JSON.parse(stdout) as { checks: readonly GroupedFinding[] };
  const result = (id: string) => checks.find((check) => check.id === id)?.result;
  for (const id of [
    'ruleset',
    'conntrack',
    'firewall-forward:lan',
    'foreign-nat',
    'in-force',
    'held-guard',
    'dhcp-client:eth0',
  ]) {
    expect([id, result(id)]).toEqual([id, 'unknown']);
  }
  expect(result('forwarding')).toBe('ok');
});
