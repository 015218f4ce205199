import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { hasCommand, inNamespace, sandboxed } from './in-namespace.ts';
import { fileAt, filesOfCases } from './tunnel-files.ts';
import { unpackedPackages } from './unpacked-packages.ts';

const withLan = filesOfCases({ target: 'ifupdown' }, { advertise: 'radvd' }).filter(({ files }) =>
  fileAt(files, /radvd/),
);

describe.skipIf(!sandboxed || !hasCommand('radvd'))('radvd --configtest', () => {
  const check = (text: string): { code: number | null; stderr: string } =>
    inNamespace('radvd --configtest --config $files/radvd.conf --logmethod stderr', { 'radvd.conf': text });

  test.each(withLan)('takes $name', ({ files }) => {
    expect(check(fileAt(files, /radvd/)!.text)).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(/error|warn/i),
    });
  });

  test.each([
    ['AdvLinkMTU', 'AdvLinkMTUs'],
    ['2002:c633:6407:1::/64', '2002:c633:6407:1::/129'],
    ['AdvDefaultPreference low', 'AdvDefaultPreference lowest'],
    ['};', '}'],
  ])('refuses a bad twin: %s', (from, to) => {
    const { text } = fileAt(withLan.find(({ name }) => name === '6to4-nat')!.files, /radvd/)!;
    expect(text.replace(from, to)).not.toBe(text);
    expect(check(text.replace(from, to)).code).not.toBe(0);
  });

  test('what is on the wire: a router of low preference, the prefix, the MTU and the route to the neighbours', () => {
    const { text } = fileAt(withLan.find(({ name }) => name === '6to4-nat')!.files, /radvd/)!;
    const { stdout, stderr } = inNamespace(
      `ip netns add host
for n in 1 2; do ip link add eth$n type veth peer name lan$n netns host; ip link set eth$n up; ip -n host link set lan$n up; done
sysctl -qw net.ipv6.conf.all.forwarding=1
for n in 1 2; do ip addr add 2002:c633:6407:$n::1/64 dev eth$n nodad; done
chmod 644 $files/radvd.conf
for i in $(seq 40); do ip -6 -o address show scope link | grep -v tentative | grep -c fe80 | grep -q 2 && break; sleep 0.1; done
radvd --nodaemon --config $files/radvd.conf --pidfile $files/radvd.pid --logmethod stderr --username root > $files/log 2>&1 & pid=$!
for i in $(seq 60); do ip -n host -6 address show dev lan1 | grep -q 2002: && break; sleep 0.1; done
ip -n host -6 route show; cat /proc/sys/net/ipv6/conf/all/forwarding; ip netns exec host cat /proc/sys/net/ipv6/conf/lan1/mtu
ip -n host -6 address show dev lan1
kill $pid; wait $pid 2>/dev/null; true`,
      { 'radvd.conf': text },
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/inet6 2002:c633:6407:1:.*\/64 scope global/);
    expect(stdout).toMatch(/default via fe80:.* dev lan1 .*pref low/);
    expect(stdout).toMatch(/^1280$/m);
  });
});

describe.skipIf(!sandboxed)('sysctl', () => {
  test('forwards', () => {
    const { text } = fileAt(withLan[0]!.files, /sysctl/)!;
    const script = 'sysctl -qp $files/f && cat /proc/sys/net/ipv6/conf/all/forwarding';
    expect(inNamespace(script, { f: text })).toEqual({ code: 0, stdout: '1\n', stderr: '' });
    expect(inNamespace(script, { f: text.replace('all.forwarding', 'all.forewarding') }).stderr).not.toBe('');
  });
});

describe.skipIf(!hasCommand('systemd-analyze') || !sandboxed)('systemd-analyze verify', () => {
  const { files } = filesOfCases({ target: 'netplan' }).find(({ name }) => name === '6in4-keepalive')!;
  const service = fileAt(files, /\.service$/)!.text;
  const timer = fileAt(files, /\.timer$/)!.text;
  const name = 'sixgate-keepalive-tun6in4';
  const verify = (one: string, other: string): string => {
    const { stdout, stderr } = inNamespace(
      `systemd-analyze --man=no verify $files/${name}.service $files/${name}.timer`,
      { [`${name}.service`]: one, [`${name}.timer`]: other },
    );
    return `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.includes(name))
      .join('\n');
  };

  test('takes the keepalive', () => expect(verify(service, timer)).toBe(''));

  test.each([
    ['AmbientCapabilities=CAP_NET_RAW', 'AmbientCapability=CAP_NET_RAW'],
    ['Type=oneshot', 'Type=oneshoot'],
    ['/usr/bin/ping', '/usr/bin/pingg'],
  ])('refuses a bad twin: %s', (from, to) => {
    expect(service).toContain(from);
    expect(verify(service.replace(from, to), timer)).not.toBe('');
  });

  test('refuses a bad twin of the timer', () => {
    expect(verify(service, timer.replace('OnUnitActiveSec=60s', 'OnUnitActiveSec=60x'))).not.toBe('');
  });
});

const dnsmasq = hasCommand('dnsmasq')
  ? 'dnsmasq'
  : ((tree) => tree && `${tree}/usr/sbin/dnsmasq`)(unpackedPackages('dnsmasq', ['dnsmasq-base']));

describe.skipIf(!sandboxed || dnsmasq === undefined)('dnsmasq --test', () => {
  const cases = filesOfCases({ target: 'ifupdown' }, { advertise: 'dnsmasq' }).filter(({ files }) =>
    fileAt(files, /dnsmasq/),
  );
  const check = (text: string): number | null =>
    inNamespace(`${dnsmasq} --test --conf-file=$files/c`, { c: text }).code;

  test.each(cases)('takes $name', ({ files }) => expect(check(fileAt(files, /dnsmasq/)!.text)).toBe(0));

  test.each([
    ['enable-ra', 'enable-raa'],
    ['dhcp-range=2002', 'dhcp-range=2oo2'],
    ['ra-param=', 'ra-params='],
  ])('refuses a bad twin: %s', (from, to) => {
    const { text } = fileAt(cases[0]!.files, /dnsmasq/)!;
    expect(text).toContain(from);
    expect(check(text.replace(from, to))).not.toBe(0);
  });
});

describe('the shell', () => {
  const scripts = filesOfCases({ target: 'openwrt' }, { filter: 'nftables' }).map(({ name, files }) => ({
    name,
    text: files[0]!.text,
  }));
  /*
   * OpenWrt's uci is in no Debian package. So only the grammar of the shell is checked here, and that nothing but uci is called.
   */
  test.each(scripts)('reads the uci commands of $name, and nothing else is called', ({ text }) => {
    expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0);
    const commands = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of commands)
      expect(line).toMatch(/^(uci (-q )?(set|add_list|delete) [a-z]+\.\w+(\.\w+)?(=[\w:./-]+)?|uci commit|exit 0)$/);
  });
});
