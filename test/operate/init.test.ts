import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../lab/wait-until.ts';
import { buildSixgate, executable, Machine } from './machine.ts';

/** An uplink with the default route, two LANs with IPv4, a port of a bridge, a tunnel, and what Docker leaves. */
const interfaces = `
for name in eth0 eth1 eth2 eth3; do
  ip link add $name type veth peer name peer-$name
  ip link set $name up; ip link set peer-$name up
done
ip link add docker0 type bridge; ip link set docker0 up; ip address add 172.17.0.1/16 dev docker0
ip link add br0 type bridge; ip link set eth3 master br0
ip link del br0
ip address add 192.168.1.1/24 dev eth1
ip address add 192.168.2.1/24 dev eth2
ip -6 address add 2001:db8:1::2/64 dev eth0 nodad
ip -6 route add default via 2001:db8:1::1 dev eth0`;

let machine: Machine;
beforeAll(async () => {
  buildSixgate();
  machine = await Machine.start(interfaces);
});
afterAll(() => machine?.stop());
beforeEach(() => void machine.sh('rm -rf /etc/sixgate /etc/sysctl.d/60-sixgate.conf /run/out /var/backups/sixgate'));

const config = '/etc/sixgate/config.yaml';
const written = (): string => machine.sh(`cat ${config}`);
const isThere = (path: string): boolean => machine.run(['test', '-e', path]).code === 0;

test('--yes takes what stands out, and check takes what it wrote', () => {
  const { code, stdout, stderr } = machine.sixgate('init', '--yes');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(written());
  expect(written()).toMatch(/^ {4}prefix: fd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::\/56$/m);
  expect(written()).toContain('{ from: dhcpv6, length: 56 }');
  const check = machine.sixgate('check', '--json');
  expect(check.code).toBe(0);
  const { config: read } = JSON.parse(check.stdout);
  expect(read.uplinks).toMatchObject([{ name: 'wan', interface: 'eth0' }]);
  expect(read.networks[0].subnets).toMatchObject([
    { name: 'eth1', id: 0, interface: 'eth1' },
    { name: 'eth2', id: 1, interface: 'eth2' },
  ]);
  expect(machine.sh('cat /etc/sysctl.d/60-sixgate.conf')).toContain('net/ipv6/conf/eth0/accept_ra = 2');
  for (const command of ['sixgate try', 'sixgate doctor', 'sixgate generate lan', 'sysctl -p']) {
    expect(stderr).toContain(command);
  }
});

test('two fresh prefixes are not the same', () => {
  const prefixes = [1, 2].map(() => /fd\S+/.exec(machine.sixgate('init', '--yes', '--dry-run').stdout)?.[0]);
  expect(prefixes[0]).toBeDefined();
  expect(prefixes[0]).not.toBe(prefixes[1]);
});

test('options say everything; --out is the root of another machine', () => {
  const all = ['--uplink', 'ppp0', '--lan', 'eth7', '--lan', 'servers=eth8', '--from', 'hook', '--no-advertise'];
  const more = ['--prefix', 'fd12:3456:789a::/48', '--length', '60', '--out', '/run/out'];
  const { code, stderr } = machine.sixgate('init', '--yes', ...all, ...more);
  expect(code, stderr).toBe(0);
  expect(isThere(config)).toBe(false);
  const text = machine.sh(`cat /run/out${config}`);
  expect(text).toContain(`uplinks:
  wan:
    interface: ppp0
    prefix: { from: hook, client: dhclient }
networks:
  home:
    prefix: fd12:3456:789a::/48
    subnets:
      eth7: { id: 0, interface: eth7 }
      servers: { id: 1, interface: eth8 }
translate:
  - { network: home, uplink: wan }
`);
  expect(machine.sixgate('check', '--config', `/run/out${config}`).code).toBe(0);
});

test('--offload is written, or refused in its own name where conf.d makes it impossible', () => {
  expect(machine.sixgate('init', '--yes', '--dry-run').stdout).not.toContain('offload');
  const { code, stderr } = machine.sixgate('init', '--yes', '--offload');
  expect(code, stderr).toBe(0);
  expect(written()).toContain('  - { network: home, uplink: wan, offload: true }\n');
  expect(machine.sixgate('check').stdout).toContain('established flows offloaded');

  machine.sh('rm /etc/sixgate/config.yaml; mkdir /etc/sixgate/conf.d');
  machine.sh('echo "backend: ip6tables" > /etc/sixgate/conf.d/a.yaml');
  for (const more of [[], ['--json'], ['--out', '/run/out', '--config', config]]) {
    machine.sh('rm -rf /run/out; mkdir -p /run/out/etc; cp -r /etc/sixgate /run/out/etc/');
    const refused = machine.sixgate('init', '--yes', '--offload', ...more);
    expect(refused.code).toBe(78);
    expect(refused.stderr).toContain(': --offload: backend ip6tables has no flowtable');
    expect(refused.stderr).toContain('Leave --offload out, or write "backend: nftables".');
    expect(isThere(config) || isThere(`/run/out${config}`)).toBe(false);
  }
  expect(machine.sixgate('init', '--yes').code).toBe(0);
});

test('an existing configuration is never replaced without being told', () => {
  machine.sh(`mkdir -p /etc/sixgate; echo '# mine' > ${config}`);
  const { code, stdout, stderr } = machine.sixgate('init', '--yes');
  expect(code).toBe(1);
  expect(stdout).toContain('-# mine');
  expect(stdout).toContain('+uplinks:');
  expect(stderr).toContain(`${config} is there already and differs; nothing was written`);
  expect(written()).toBe('# mine\n');
  expect(isThere('/etc/sysctl.d/60-sixgate.conf')).toBe(false);
  expect(machine.sixgate('init', '--yes', '--force').code).toBe(0);
  expect(written()).toContain('uplinks:');
});

test('what would contradict conf.d is told before anything is written', () => {
  machine.sh('mkdir -p /etc/sixgate/conf.d; echo "uplinks: { wan: { speed: 3 } }" > /etc/sixgate/conf.d/a.yaml');
  const { code, stderr } = machine.sixgate('init', '--yes');
  expect(code).toBe(78);
  expect(stderr).toContain('/etc/sixgate/conf.d/a.yaml:1:');
  expect(isThere(config)).toBe(false);
});

test('--dry-run and --json alone write nothing', () => {
  expect(machine.sixgate('init', '--yes', '--dry-run').stdout).toContain('interface: eth0');
  const { code, stdout } = machine.sixgate('init', '--json');
  expect(code).toBe(0);
  const { schemaVersion, files, written: wrote, next } = JSON.parse(stdout);
  expect({ schemaVersion, wrote }).toEqual({ schemaVersion: 1, wrote: false });
  expect(files.map(({ path, mode }: { path: string; mode: string }) => [path, mode])).toEqual([
    [config, '0644'],
    ['/etc/sysctl.d/60-sixgate.conf', '0644'],
  ]);
  expect(next.map(({ what }: { what: string }) => what.endsWith('.'))).not.toContain(false);
  expect(isThere(config)).toBe(false);
  expect(JSON.parse(machine.sixgate('init', '--json', '--yes').stdout).written).toBe(true);
  expect(isThere(config)).toBe(true);
});

test.each([
  [['--uplink', 'eth0/1'], 'eth0/1'],
  [['--lan', 'eth0'], 'eth0 is the uplink'],
  [['--lan', 'eth1', 'eth1'], 'eth1 stands twice'],
  [['--lan', 'My LAN=eth1'], 'no name for a subnet'],
  [['--length', '10'], '20 to 64'],
  [['--prefix', 'fd12:3456:789a:1::/48'], 'fd12:3456:789a::/48'],
  [['--prefix', 'fd12:3456:789a::/64'], 'no network for 2 LAN(s)'],
  [['--from', 'carrier-pigeon'], 'Allowed choices'],
])('exit code 2 and nothing written for %j', (args, said) => {
  const { code, stderr } = machine.sixgate('init', '--yes', ...args);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
  expect(isThere(config)).toBe(false);
});

const ifupdown = (...stanzas: string[]): void =>
  void machine.sh(`mkdir -p /etc/network/interfaces.d
printf '%s\\n' 'source /etc/network/interfaces.d/*' 'auto eth0' 'iface eth0 inet dhcp' ${stanzas.map((each) => `'${each}'`).join(' ')} > /etc/network/interfaces`);
const lanFile = '/etc/network/interfaces.d/sixgate-lan';
const noMachine = (): string => machine.sh(`rm -rf /etc/network /etc/dhcpcd.conf ${config}`);

test('the files of dhcpcd and of the inside are written too, where ifupdown reads them; dhcpcd takes them', async () => {
  ifupdown();
  const { code, stderr } = machine.sixgate('init', '--yes', '--from', 'dhcpcd', '--prefix', 'fd12:3456:789a::/56');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('ifup --force eth1; ifup --force eth2');
  expect(stderr).not.toContain('sixgate generate uplink');
  expect(stderr).not.toContain('sixgate generate lan');
  expect(machine.sh(`cat ${lanFile}`)).toContain('address fd12:3456:789a:1::1/64');
  expect(isThere('/etc/network/interfaces.d/sixgate-eth0')).toBe(true);
  machine.sh('mkdir -p /var/lib/dhcpcd');
  const dhcpcd = machine.start(['dhcpcd', '--nobackground', '--nodev', '--debug']);
  await dhcpcd.until('casting SOLICIT6');
  machine.sh('kill "$(cat /run/dhcpcd/pid)"');
  await dhcpcd.ended;
  expect(dhcpcd.output()).not.toContain('eth1: ');
  // A second time there is nothing to replace.
  expect(machine.sixgate('init', '--yes', '--from', 'dhcpcd', '--prefix', 'fd12:3456:789a::/56').code).toBe(0);
  expect(isThere('/var/backups/sixgate')).toBe(false);
  noMachine();
});

test('what somebody wrote himself stays with --yes, and is kept where it is replaced', () => {
  ifupdown();
  machine.sh("echo '# mine' > /etc/dhcpcd.conf");
  const left = machine.sixgate('init', '--yes', '--from', 'dhcpcd');
  expect(left.code, left.stderr).toBe(0);
  expect(left.stdout).toContain('-# mine');
  expect(machine.sh('cat /etc/dhcpcd.conf')).toBe('# mine\n');
  expect(left.stderr).toContain('sixgate generate uplink --for dhcpcd --interface eth0');
  expect(isThere(lanFile)).toBe(true);
  const replaced = machine.sixgate('init', '--yes', '--force', '--from', 'dhcpcd');
  expect(replaced.code, replaced.stderr).toBe(0);
  expect(machine.sh('cat /etc/dhcpcd.conf')).toContain('allowinterfaces eth0');
  const copy = '/var/backups/sixgate/etc/dhcpcd.conf.1';
  expect(replaced.stderr).toContain(`/etc/dhcpcd.conf as it was is ${copy}`);
  expect(machine.sh(`cat ${copy}; stat -c %a ${copy}`)).toBe('# mine\n600\n');
  // The prefix is fresh each time, so the configuration was replaced as well.
  expect(isThere(`/var/backups/sixgate${config}.1`)).toBe(true);
  noMachine();
});

test('one that is as its package brought it is replaced with --yes, unless a dhcpcd runs by it', async () => {
  ifupdown();
  const pristine = readFileSync('/etc/dhcpcd.conf', 'utf8');
  machine.run(['sh', '-c', 'mkdir -p /var/lib/dhcpcd; cat > /etc/dhcpcd.conf'], pristine);
  const dhcpcd = machine.start(['dhcpcd', '--nobackground', '--nodev', '--debug', '--denyinterfaces', '*']);
  await waitUntil('dhcpcd runs', () => isThere('/run/dhcpcd/pid'));
  expect(machine.sixgate('init', '--yes', '--from', 'dhcpcd').code).toBe(0);
  const kept = machine.sh('cat /etc/dhcpcd.conf');
  machine.sh('kill "$(cat /run/dhcpcd/pid)"');
  await dhcpcd.ended;
  expect(kept).toBe(pristine);
  expect(machine.sixgate('init', '--yes', '--force', '--from', 'dhcpcd', '--no-files').code).toBe(0);
  expect(machine.sh('cat /etc/dhcpcd.conf')).toBe(pristine);
  machine.sh(`rm ${config}`);
  expect(machine.sixgate('init', '--yes', '--from', 'dhcpcd').code).toBe(0);
  expect(machine.sh('cat /etc/dhcpcd.conf')).toContain('allowinterfaces eth0');
  expect(machine.sh('cat /var/backups/sixgate/etc/dhcpcd.conf.1')).toBe(pristine);
  noMachine();
});

test.each([
  ['a stanza of the admin', () => ifupdown('iface eth2 inet6 static', '  address fd00::1/64')],
  [
    'no line that reads the file',
    () => machine.sh('mkdir -p /etc/network; echo "iface eth0 inet dhcp" > /etc/network/interfaces'),
  ],
])('where ifupdown has %s the inside is left to him', (_name, make) => {
  make();
  const { code, stderr } = machine.sixgate('init', '--yes');
  expect(code, stderr).toBe(0);
  expect(isThere(lanFile)).toBe(false);
  expect(stderr).toContain('sixgate generate lan --for ifupdown');
  noMachine();
});

test("--no-files writes what is sixgate's own and nothing else", () => {
  ifupdown();
  const { code, stdout } = machine.sixgate('init', '--json', '--yes', '--no-files', '--from', 'dhcpcd');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).files).toHaveLength(2);
  expect(isThere(lanFile) || isThere('/etc/dhcpcd.conf')).toBe(false);
  const { files } = JSON.parse(machine.sixgate('init', '--json', '--from', 'dhcpcd').stdout);
  const paths = files.map(({ path }: { path: string }) => path);
  expect(paths).toEqual(expect.arrayContaining([config, '/etc/dhcpcd.conf', '/etc/sixgate/dhcpcd-hook', lanFile]));
  noMachine();
});

test('on a terminal each subject is a question of its own', async () => {
  ifupdown();
  const shown = machine.startOnTerminal([
    executable,
    'init',
    '--uplink',
    'eth0',
    '--lan',
    'eth1',
    '--no-advertise',
    '--from',
    'dhcpcd',
    '--length',
    '56',
    '--prefix',
    'fd12:3456:789a::/56',
  ]);
  await shown.until('Write these files? [yes] ');
  shown.type('\n');
  await shown.until(/The client that asks for the prefix: write [^?]*too\? \[yes\] /);
  shown.type('no\n');
  await shown.until(/The inside addresses: write [^?]*too\? \[yes\] /);
  shown.type('yes\n');
  expect(await shown.ended).toBe(0);
  expect(isThere('/etc/dhcpcd.conf')).toBe(false);
  expect(isThere(lanFile)).toBe(true);
  expect(isThere(config)).toBe(true);
  noMachine();
});

test('two uplinks that look alike are not guessed between', async () => {
  const twin = await Machine.start(`
for name in eth0 eth1; do ip link add $name type veth peer name p$name; ip link set $name up; ip link set p$name up; done
ip -6 route add default dev eth0 metric 1
ip -6 route add default dev eth1 metric 2`);
  const { code, stderr } = twin.sixgate('init', '--yes');
  await twin.stop();
  expect(code).toBe(2);
  expect(stderr).toContain('--uplink INTERFACE');
});

test('on a terminal: questions, a wrong answer, the files, and yes', async () => {
  const shown = machine.startOnTerminal([executable, 'init']);
  await shown.until('uplink: the IPv6 default route');
  await shown.until('provider? [eth0] ');
  shown.type('\n');
  await shown.until('[eth1 eth2] ');
  shown.type('eth2 eth2\n');
  await shown.until('eth2 stands twice');
  await shown.until('[eth1 eth2] ');
  shown.type('office=eth2, guests=eth1\n');
  await shown.until('[dhcpv6] ');
  shown.type('dhcpv6\n');
  await shown.until('[56] ');
  shown.type('60\n');
  await shown.until('::/60] ');
  shown.type('\n');
  await shown.until(/radvd\? \[(yes|no)\] /);
  shown.type('no\n');
  await shown.until('office: { id: 0, interface: eth2 }');
  await shown.until('Write these files? [yes] ');
  expect(isThere(config)).toBe(false);
  shown.type('y\n');
  expect(await shown.ended).toBe(0);
  expect(written()).toContain('guests: { id: 1, interface: eth1 }');
  expect(written()).not.toContain('advertise');
  expect(machine.sixgate('check').code).toBe(0);
});

test('Ctrl-C at a question writes nothing', async () => {
  const shown = machine.startOnTerminal([executable, 'init']);
  await shown.until('provider? [eth0] ');
  shown.type('\u0003');
  expect(await shown.ended).not.toBe(0);
  expect(isThere(config)).toBe(false);
});

test('answers through a pipe; input that ends too early writes nothing', () => {
  const run = (input: string) => machine.run([executable, 'init'], input);
  expect(run('\n\n\n')).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing was written') });
  expect(isThere(config)).toBe(false);
  expect(run('\n\n\n\n\n\nno\n')).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing was written') });
  expect(isThere(config)).toBe(false);
  expect(run('\n\n\n\n\n\n\n').code).toBe(0);
  expect(written()).toContain('interface: eth0');
  // A second time the preset is no.
  expect(run('\neth1\n\n\n\n\n\n')).toMatchObject({ stderr: expect.stringContaining('[no]') });
  expect(written()).toContain('eth2');
});

test('a dhcpcd that runs is listened to, and what it asks for is kept', async () => {
  machine.sh(`mkdir -p /var/lib/dhcpcd; printf '%s\\n' 'allowinterfaces eth0' 'script ""' ipv6only noipv6rs \
    'interface eth0' 'ia_pd 1/::/60 none/0/60' > /etc/dhcpcd.conf`);
  const dhcpcd = machine.start(['dhcpcd', '--nobackground', '--nodev', '--debug']);
  await dhcpcd.until('SOLICIT6');
  const { stdout } = machine.sixgate('init', '--yes', '--dry-run');
  const next = JSON.parse(machine.sixgate('init', '--json').stdout).next as { command?: string }[];
  machine.sh('kill "$(cat /run/dhcpcd/pid)"; rm /etc/dhcpcd.conf');
  await dhcpcd.ended;
  expect(stdout).toContain('prefix: { from: dhcpcd, length: 60 }');
  const uplink = 'sixgate generate uplink --for dhcpcd --interface eth0 --length 60';
  expect(next.map(({ command }) => command)).toContain(uplink);
  expect(machine.sixgate('init', '--yes', '--dry-run').stdout).toContain('from: dhcpv6');
});

test.each([
  ['nftables', 'table inet mine {\nchain input { type filter hook input priority 0; policy drop; }\n}'],
  ['iptables', 'table ip6 filter {\nchain INPUT { type filter hook input priority 0; policy drop; }\n}'],
])('a firewall of %s is told how to go with it', (name, rules) => {
  const commands = (): unknown[] =>
    JSON.parse(machine.sixgate('init', '--json').stdout).next.map(({ command }: { command?: string }) => command);
  machine.run(['nft', '-f', '-'], rules);
  expect(commands()).toContain(`sixgate generate firewall --for ${name}`);
  machine.sh('nft flush ruleset');
});
