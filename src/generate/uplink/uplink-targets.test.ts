import { describe, expect, test } from 'vitest';
import { parseInterfaceName } from '../../core/interface-name.ts';
import { dhcpcdHookPath } from './dhcpcd-uplink.ts';
import { knowsNoInterface, parseDhcpcdVersion } from './dhcpcd-version.ts';
import { uplinkTargets, type UplinkTarget } from './uplink-targets.ts';

function generate(target: UplinkTarget, version = '9.4.1', name = 'eth0') {
  const dhcpcdVersion = parseDhcpcdVersion(version);
  const read = parseInterfaceName(name);
  if (!dhcpcdVersion.ok || !read.ok) throw new Error('not a good example');
  return uplinkTargets[target]({
    interface: read.value,
    length: 58,
    eventsDirectory: '/run/sixgate/events',
    dhcpcdVersion: dhcpcdVersion.value,
  });
}

/** Without comments and empty lines. */
const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

test('dhcpcd.conf for 9.4.1, as the lab proves it with a real one', () => {
  const [conf, hook, sysctl] = generate('dhcpcd');
  expect(lines(conf!.text)).toEqual([
    `script ${dhcpcdHookPath}`,
    'allowinterfaces eth0',
    'persistent',
    'option rapid_commit',
    'nodelay',
    'interface eth0',
    'ipv6only',
    'noipv6rs',
    'ia_pd 1/::/58 sixgate-none/0/58',
    'nohook resolv.conf, hostname, ntp.conf, chrony.conf, timesyncd.conf, openntpd.conf, timezone, mtu',
  ]);
  expect([hook!.path, hook!.mode]).toEqual([dhcpcdHookPath, 0o755]);
  expect(lines(sysctl!.text)).toContain('net/ipv6/conf/eth0/accept_ra = 2');
});

test.each([
  ['10.0.5', 'ia_pd 1/::/58 sixgate-none/0/58'],
  ['10.0.6', 'ia_pd 1/::/58 -'],
  ['10.1.0', 'ia_pd 1/::/58 -'],
])('to no interface, for dhcpcd %s', (version, line) => {
  expect(lines(generate('dhcpcd', version)[0]!.text)).toContain(line);
});

test('the stanza for ifupdown', () => {
  const [stanza] = generate('ifupdown', '9.4.1', 'eth0.7');
  expect(stanza!.path).toBe('/etc/network/interfaces.d/sixgate-eth0.7');
  expect(lines(stanza!.text)).toEqual(['auto eth0.7', 'iface eth0.7 inet6 auto', 'accept_ra 2', 'dhcp 0', 'privext 0']);
});

test('NetworkManager: a connection for the uplink, and one that shares the prefix with nobody', () => {
  const [uplink, shared, sysctl] = generate('networkmanager');
  expect(uplink!.path).toBe('/etc/NetworkManager/system-connections/sixgate-eth0.nmconnection');
  expect(lines(uplink!.text)).toContain('dhcp-pd-hint=::/58');
  expect([uplink!.mode, shared!.mode]).toEqual([0o600, 0o600]);
  expect(lines(shared!.text)).toEqual(
    ['[connection]', 'id=sixgate-pd0', 'type=dummy', 'interface-name=pd0', '[ipv4]', 'method=disabled', '[ipv6]', 'method=shared'], // prettier-ignore
  );
  expect(lines(sysctl!.text)).toContain('net/ipv6/conf/eth0/accept_ra = 2');
});

describe('versions', () => {
  test.each([
    ['dhcpcd 9.4.1\nCopyright (c) 2006-2021 Roy Marples\n', [9, 4, 1]],
    ['10.1.0', [10, 1, 0]],
    ['10.2', [10, 2, 0]],
  ])('%j', (text, value) => {
    expect(parseDhcpcdVersion(text)).toEqual({ ok: true, value });
  });

  test.each(['', 'ten', '9', '9.4.1; reboot', '99999.1'])('refused: %j', (text) => {
    expect(parseDhcpcdVersion(text)).toMatchObject({ ok: false, problem: { code: 'version-syntax' } });
  });

  test('"-" from 10.0.6 on', () => {
    expect([[9, 9, 9], [10, 0, 5], [10, 0, 6], [10, 1, 0], [11, 0, 0]].map((v) => knowsNoInterface(v as never))).toEqual([false, false, true, true, true]); // prettier-ignore
  });
});
