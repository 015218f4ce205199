import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sixgate } from './sixgate.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sixgate-import-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

interface Imported {
  readonly config: string | null;
  readonly commands: readonly string[];
  readonly files: readonly {
    readonly path: string;
    readonly do: string;
    readonly lines: readonly (readonly number[])[];
  }[];
  readonly remarks: readonly string[];
  readonly problems: readonly string[];
}

function imported(...args: readonly string[]): Imported & { readonly code: number | null } {
  const { code, stdout } = sixgate(['import', '--root', root, '--json', ...args]);
  return { code, ...(JSON.parse(stdout) as Imported) };
}

const dhcpcd = `duid
allowinterfaces eth0
interface eth0
  ia_pd 1/::/58 nosuch0/0/58
  ipv6only
script /etc/dhcpcd-pd-script
`;

const hook = (inside: string): string => `#!/bin/sh
tool="/sbin/ip6tables"
wan="eth0"
inside="${inside}"
fill() {
  outside="$1"
  "$tool" -t nat -F external_snat
  "$tool" -t nat -A external_dnat -i "$wan" -d "$outside" -j NETMAP --to "$inside"
  "$tool" -t nat -A external_snat -o "\${wan}" \\
    -s "\${inside}" -j NETMAP --to "\${outside}"
  "$tool" -t nat -A external_snat ! -o "$wan" -s "$inside" -m mark --mark 1 -j NETMAP --to "$outside"
}
[ -z "$new_dhcp6_ia_pd1_prefix1" ] || fill "$new_dhcp6_ia_pd1_prefix1/58"
`;

const interfaces = `auto lo
iface lo inet loopback

auto eth0
iface eth0 inet6 auto
  post-up sysctl -w net.ipv6.conf.$IFACE.accept_ra=2

auto eth1
iface eth1 inet6 static
  address fd12:3456:789a::1
  netmask 64
auto eth2.20
iface eth2.20 inet6 static
  address fd12:3456:789a:1f::1/64
`;

test('a hook of dhcpcd: uplink, length, inside, subnets by the addresses of interfaces; what is left over is named', () => {
  put('/etc/dhcpcd.conf', dhcpcd);
  put('/etc/dhcpcd-pd-script', hook('fd12:3456:789a::/58'));
  put('/etc/network/interfaces', interfaces);
  put('/var/lib/dhcpcd/duid', '00:03:00:01:02:00:5e:10:00:01\n');
  put(
    '/etc/iptables/rules.v6',
    '*nat\n:external_snat - [0:0]\n-A POSTROUTING -j MASQUERADE\n-A POSTROUTING -o eth0 -s fd12:3456:789a::/58 -j NETMAP --to 2001:db8:9::/58\nCOMMIT\n',
  );
  const { code, config, files, problems, commands } = imported();
  expect({ code, problems, commands }).toEqual({ code: 0, problems: [], commands: [] });
  expect(config!.split('\n').slice(1).join('\n')).toBe(`uplinks:
  wan:
    interface: eth0
    prefix: { from: dhcpv6, length: 58, duid: 00:03:00:01:02:00:5e:10:00:01 }
networks:
  home:
    prefix: fd12:3456:789a::/58
    subnets:
      eth1: { id: 0, interface: eth1 }
      eth2-20: { id: 31, interface: eth2.20 }
translate:
  - { network: home, uplink: wan }
`);
  expect(files.map((file) => [file.do, file.path, file.lines])).toEqual([
    ['delete', '/etc/dhcpcd.conf', []],
    ['delete', '/etc/dhcpcd-pd-script', []],
    ['edit', '/etc/iptables/rules.v6', [[4, 4]]],
    ['delete', '/var/lib/dhcpcd/duid', []],
  ]);
});

test('an inside prefix that is no ULA is replaced by one, and said', () => {
  put('/etc/dhcpcd.conf', dhcpcd);
  put('/etc/dhcpcd-pd-script', hook('fc::/58'));
  const { code, config, remarks } = imported();
  expect(code).toBe(0);
  expect(config).toMatch(/prefix: fd[0-9a-f]{2}:[0-9a-f:]+::\/58/);
  expect(remarks.join('\n')).toContain('/etc/dhcpcd-pd-script:9: fc::/58 is no ULA: it means 00fc::/58');
});

test('an empty file for the DUID is the trick for two routers', () => {
  put('/etc/dhcpcd.conf', dhcpcd);
  put('/etc/dhcpcd-pd-script', hook('fd12:3456:789a::/58'));
  put('/etc/dhcpcd.duid', '');
  const { config, remarks } = imported();
  expect(config).toContain('stateless: true');
  expect(remarks.join('\n')).toContain('chattr -i /etc/dhcpcd.duid');
});

test('6to4 by ifupdown, behind NAT, with a relay that is gone and a subnet', () => {
  put(
    '/etc/network/interfaces',
    `iface tun6to4 inet6 v4tunnel
  address 2002:c633:6407::1
  netmask 16
  local 192.168.1.10
  endpoint any
  gateway ::192.88.99.1
  ttl 255

iface eth1 inet6 static
  address 2002:c633:6407:5::1
  netmask 64
`,
  );
  const { code, config, commands, files, remarks } = imported();
  expect({ code, config }).toEqual({ code: 0, config: null });
  expect(commands).toEqual([
    'sixgate generate 6to4 --for ifupdown --ipv4 198.51.100.7 --local 192.168.1.10 --subnet 5=eth1 --out /',
  ]);
  expect(files).toMatchObject([
    {
      do: 'edit',
      path: '/etc/network/interfaces',
      lines: [
        [1, 7],
        [9, 11],
      ],
    },
  ]);
  expect(remarks.join('\n')).toContain('/etc/network/interfaces:1: the relay 192.88.99.1 was withdrawn');
});

test('the command that is proposed for a tunnel is one that works', () => {
  put('/etc/network/interfaces.d/six', 'iface six inet6 6to4\n  local 9.9.9.9\n');
  const [command = ''] = imported().commands;
  const { code, stdout } = sixgate(command.replace('sixgate ', '').replace(' --out /', '').split(' '));
  expect(code).toBe(0);
  expect(stdout).toContain('iface six inet6 v4tunnel');
});

test('6in4 by ifupdown: what no file says is asked for', () => {
  put(
    '/etc/network/interfaces',
    'iface he inet6 v4tunnel\n address 2001:db8:1234::2\n netmask 64\n endpoint 192.0.2.99\n local 203.0.113.4\n',
  );
  const { commands, remarks } = imported();
  expect(commands[0]).toBe(
    'sixgate generate 6in4 --for ifupdown --local 203.0.113.4 --remote 192.0.2.99 --address 2001:db8:1234::2/64 --routed ROUTED --name he --out /',
  );
  expect(remarks.join('\n')).toContain('ROUTED stands for');
});

test('guests of Xen, the script and the patch', () => {
  put('/etc/xen/ipv6.cfg', 'ipv6_gateway_addr[web1]=2001:db8:0:101::1/64\n');
  put('/etc/xen/scripts/vif-route-ipv6', '#!/bin/sh\n');
  put('/etc/xen/scripts/vif-route', 'online)\n $dir/vif-route-ipv6 online\n');
  const { code, config, files } = imported();
  expect(code).toBe(0);
  expect(config).toContain('web1:');
  expect(files.map((file) => `${file.do} ${file.path}`)).toEqual([
    'delete /etc/xen/ipv6.cfg',
    'delete /etc/xen/scripts/vif-route-ipv6',
    'edit /etc/xen/scripts/vif-route',
  ]);
});

test('a guest that cannot be taken over is an error, and nothing but that', () => {
  put('/etc/xen/ipv6.cfg', 'ipv6_gateway_addr[web1]=nonsense\n');
  const { code, problems } = imported();
  expect(code).toBe(78);
  expect(problems[0]).toContain('/etc/xen/ipv6.cfg:1: ');
});

test("rules in a file of one's own are found when it is named", () => {
  put(
    '/opt/firewall',
    'ip6tables -t nat -A six -o ppp0 -s fd12:3456:789a::/56 -j NETMAP --to 2001:db8::/56\nip6tables -t nat -A POSTROUTING -j six\n',
  );
  expect(imported().code).toBe(3);
  const { config, files } = imported('/opt/firewall');
  expect(config).toContain('interface: ppp0');
  expect(files).toMatchObject([
    {
      do: 'edit',
      path: '/opt/firewall',
      lines: [
        [1, 1],
        [2, 2],
      ],
    },
  ]);
});

test('for people: the configuration on standard output, the rest on standard error', () => {
  put('/etc/dhcpcd.conf', dhcpcd);
  put('/etc/dhcpcd-pd-script', hook('fd12:3456:789a::/58'));
  const { code, stdout, stderr } = sixgate(['import', '--root', root]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# Proposed by "sixgate import"/);
  expect(stderr).toContain('delete /etc/dhcpcd-pd-script: the hook that refills the chains');
});

test('nothing of all that is a no', () => {
  put('/etc/network/interfaces', 'auto lo\niface lo inet loopback\n');
  const { code, stdout, stderr } = sixgate(['import', '--root', root]);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain('Nothing is here');
});
