import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ifupdownFlavours } from '../../src/generate/tunnel/ifupdown.ts';
import { tunnelTargets } from '../../src/generate/tunnel/tunnel-targets.ts';
import { advertisers, filterTools } from '../../src/generate/tunnel/tunnel.ts';
import { natGatewayTargets } from '../../src/generate/nat-gateway/generate-nat-gateway.ts';
import { xenGuestTargets } from '../../src/generate/xen-guest/generate-xen-guest.ts';
import { hotplugScripts } from '../../src/generate/xen-guest/xen-guest.ts';
import { sixgate } from './sixgate.ts';

const directory = mkdtempSync(join(tmpdir(), 'sixgate-'));
afterAll(() => rmSync(directory, { recursive: true }));

function choicesOf(command: string, option: string): string[] {
  const { stdout } = sixgate(['generate', command, '--help']);
  const entry = new RegExp(`${option} <[^]*?choices:\\s+([^)]*)\\)`).exec(stdout)![1]!;
  return [...entry.matchAll(/"([^"]*)"/g)].map(([, choice]) => choice!);
}

describe('the words that options take are those of the generators', () => {
  test.each(['6to4', '6rd', '6in4'])('%s', (kind) => {
    expect(choicesOf(kind, '--for')).toEqual(Object.keys(tunnelTargets));
    expect(choicesOf(kind, '--flavour')).toEqual([...ifupdownFlavours]);
    expect(choicesOf(kind, '--advertise')).toEqual([...advertisers]);
    expect(choicesOf(kind, '--filter')).toEqual([...filterTools]);
  });

  test('nat-gateway', () => {
    expect(choicesOf('nat-gateway', '--for').sort()).toEqual(Object.keys(natGatewayTargets).sort());
  });

  test('xen-guest', () => {
    expect(choicesOf('xen-guest', '--for')).toEqual(Object.keys(xenGuestTargets));
    expect(choicesOf('xen-guest', '--script')).toEqual([...hotplugScripts]);
  });
});

describe('the same from options, from a file and from standard input', () => {
  const intents: [string, string[], object][] = [
    [
      'xen-guest',
      '--name web --prefix 2001:db8::/64 --prefix fd00:1::/64 --ipv4 192.0.2.2 --ipv4-gateway 192.0.2.1 --device 1'.split(
        ' ',
      ),
      {
        kind: 'xen-guest',
        name: 'web',
        prefix: ['2001:db8::/64', 'fd00:1::/64'],
        ipv4: '192.0.2.2',
        ipv4Gateway: '192.0.2.1',
        device: 1,
      },
    ],
    [
      '6to4',
      [
        '--ipv4',
        '198.51.100.7',
        '--local',
        '192.168.1.10',
        '--subnet',
        '1=eth1',
        '--subnet',
        '2=eth2',
        '--mtu',
        '1472',
      ],
      {
        kind: '6to4',
        ipv4: '198.51.100.7',
        local: '192.168.1.10',
        subnet: ['1=eth1', { id: 2, interface: 'eth2' }],
        mtu: 1472,
      },
    ],
    [
      '6rd',
      [
        '--ipv4',
        '10.1.2.3',
        '--prefix',
        '2001:db8::/32',
        '--ipv4-mask-length',
        '8',
        '--relay',
        '10.0.0.1',
        '--subnets',
        '2',
      ],
      { ipv4: '10.1.2.3', prefix: '2001:db8::/32', ipv4MaskLength: 8, relay: '10.0.0.1', subnets: 2 },
    ],
    [
      '6in4',
      [
        '--local',
        '10.0.0.2',
        '--behind-nat',
        '--remote',
        '192.0.2.9',
        '--address',
        '2001:db8::2/64',
        '--keepalive',
        '60',
      ],
      { local: '10.0.0.2', behindNat: true, remote: '192.0.2.9', address: '2001:db8::2/64', keepalive: 60 },
    ],
  ];
  test.each(intents)('%s', (kind, options, intent) => {
    const file = join(directory, 'intent.json');
    writeFileSync(file, JSON.stringify(intent));
    const command = ['generate', kind, '--for', 'ifupdown', '--json'];
    const direct = sixgate([...command, ...options]);
    expect(direct.code).toBe(0);
    expect(JSON.parse(direct.stdout)).toMatchObject({ schemaVersion: 1, files: expect.arrayContaining([]) as unknown });
    expect(sixgate([...command, '--intent', file])).toEqual(direct);
    expect(sixgate([...command, '--intent', '-'], JSON.stringify(intent))).toEqual(direct);
  });

  test('options go before the file', () => {
    const file = join(directory, 'one.json');
    writeFileSync(file, JSON.stringify({ external: '8.8.4.4', target: '192.168.1.10' }));
    const { stdout } = sixgate([
      'generate',
      'nat-gateway',
      '--for',
      'nftables',
      '--intent',
      file,
      '--external',
      '9.9.9.9',
    ]);
    expect(stdout).toContain('snat to 9.9.9.9');
    expect(stdout).not.toContain('8.8.4.4');
  });
});

test('--out writes a tree with the modes that the programs insist on', () => {
  const root = join(directory, 'root');
  const options = ['--ipv4', '8.8.4.4', '--for', 'networkmanager', '--out', root];
  expect(sixgate(['generate', '6to4', ...options])).toMatchObject({ code: 0, stdout: '' });
  const keyfile = join(root, 'etc/NetworkManager/system-connections/tun6to4.nmconnection');
  expect(statSync(keyfile).mode & 0o777).toBe(0o600);
  expect(readFileSync(keyfile, 'utf8')).toContain('address1=2002:808:404::1/16');
});

test('--explain says why, beside the files', () => {
  const { stderr, stdout } = sixgate(['generate', '6to4', '--for', 'netplan', '--ipv4', '8.8.4.4', '--explain']);
  for (const word of ['RFC 7526', 'RFC 6724', 'Nothing is encrypted', 'home routers', 'MTU is 1280']) {
    expect(stderr.replaceAll('\n', ' ')).toContain(word);
  }
  expect(stdout).toContain('mode: sit');
});

describe('what is refused, and how', () => {
  test.each<[string[], number, string]>([
    [['6to4', '--for', 'netplan', '--ipv4', '10.0.0.1'], 2, '--ipv4: "10.0.0.1" is private'],
    [['6to4', '--for', 'netplan'], 2, '--ipv4 is missing'],
    [
      ['6rd', '--for', 'netplan', '--ipv4', '8.8.4.4', '--prefix', '2001:db8::/32', '--relay', '9.9.9.9'],
      3,
      'netplan has no 6rd',
    ],
    [['6to4', '--for', 'openwrt', '--ipv4', '8.8.4.4', '--local', '10.0.0.2'], 3, 'OpenWrt'],
    [['6to4', '--for', 'netplan', '--flavour', 'ifupdown2', '--ipv4', '8.8.4.4'], 2, '--flavour: only ifupdown'],
    [['6to4', '--for', 'windows', '--ipv4', '8.8.4.4'], 2, 'windows'],
    [
      [
        '6rd',
        '--for',
        'ifupdown',
        '--ipv4-mask-length',
        'x',
        '--ipv4',
        '8.8.4.4',
        '--relay',
        '9.9.9.9',
        '--prefix',
        '2001:db8::/32',
      ],
      2,
      '--ipv4-mask-length: "x"',
    ],
    [
      ['nat-gateway', '--for', 'nftables', '--external', '8.8.4.4', '--target', '10.0.0.2', '--target', '10.0.0.3'],
      2,
      'cannot share one public address',
    ],
    [['xen-guest', '--for', 'xl', '--name', 'web'], 2, '--prefix is missing'],
    [
      ['xen-guest', '--for', 'xl', '--name', 'web', '--prefix', '2000::/64', '--proxy-ndp'],
      2,
      '--proxy-ndp: it is about',
    ],
    [['6to4', '--for', 'netplan', '--intent', '/nonexistent'], 1, '/nonexistent is not there'],
  ])('generate %j ends with %d', (args, code, message) => {
    const ended = sixgate(['generate', ...args]);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(message);
  });

  test('a file that is not JSON', () => {
    expect(sixgate(['generate', '6to4', '--for', 'netplan', '--intent', '-'], '{ipv4: 1}')).toMatchObject({
      code: 2,
      stdout: '',
    });
    expect(sixgate(['generate', '6to4', '--for', 'netplan', '--intent', '-'], '[]').code).toBe(2);
  });
});

describe('the commands of docs/tunnels.md', () => {
  const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'tunnels.md'), 'utf8');
  const commands = [...guide.matchAll(/^\$ sixgate (generate .*)$/gm)].map(([, command]) =>
    command!.replace(' --out /', ''),
  );

  test('are there', () => expect(commands.length).toBeGreaterThan(4));

  test.each(commands)('%s', (command) => {
    const ended = sixgate(command.split(' '));
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('warning: these addresses are for documentation');
  });

  test('and its intent', () => {
    const intent = /```json\n([^]*?)```/.exec(guide)![1]!;
    expect(sixgate(['generate', '6to4', '--for', 'networkd', '--intent', '-'], intent).code).toBe(0);
  });
});
