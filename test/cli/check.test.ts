import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jsonLines, sixgate } from './sixgate.ts';

const good = `uplinks:
  dsl: { interface: eth0, prefix: { from: dhcpcd, length: 58 } }
networks:
  home:
    prefix: fd12:3456:789a::/58
    subnets:
      lan: { id: 0, interface: eth1 }
      servers: { id: 1 }
translate:
  - { network: home, uplink: dsl, allow: [{ to: "servers::10", tcp: [443], udp: ["6000-6100"], icmp: true }] }
`;

let directory: string;
let config: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sixgate-check-'));
  config = join(directory, 'config.yaml');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('check: what a good configuration means', () => {
  writeFileSync(config, good);
  const ended = sixgate(['check', '--config', config]);
  expect(ended.code).toBe(0);
  const [before, needs] = ended.stdout.split('\nneeded on this machine\n');
  expect(before).toBe(`${config} is valid.

uplinks
  dsl  eth0  delegated, by dhcpcd, which asks for a /58

network home, fd12:3456:789a::/58
  lan      fd12:3456:789a::/64    eth1
  servers  fd12:3456:789a:1::/64  behind another router

home on dsl: stateful, hairpin, inbound denied
  open  fd12:3456:789a:1::10  tcp 443, udp 6000-6100, ping
`);
  const names = needs!.split('\n').map((line) => line.trim().split(' ')[0]);
  expect(names).toEqual(['nft', 'ip', 'conntrack', 'dhcpcd', 'nf_tables', 'nft_nat', 'nf_conntrack', '']);
});

test('check: the own DHCPv6 client needs no program', () => {
  writeFileSync(config, good.replace('from: dhcpcd', 'from: dhcpv6'));
  const { code, stdout } = sixgate(['check', '--config', config]);
  expect(code).toBe(0);
  expect(stdout).toContain('\n  dsl  eth0  delegated, to sixgate itself, which asks for a /58\n');
  expect(stdout).not.toContain('dhcpcd');
});

test('check --json: the same as values', () => {
  writeFileSync(config, good);
  const [answer] = jsonLines(sixgate(['check', '--json', '--config', config]));
  expect(answer).toMatchObject({
    schemaVersion: 1,
    valid: true,
    warnings: [],
    config: {
      uplinks: [{ name: 'dsl', source: { from: 'dhcpcd', length: 58 } }],
      networks: [
        {
          subnets: [
            { id: 0, interface: 'eth1' },
            { prefix: 'fd12:3456:789a:1::/64', interface: null },
          ],
        },
      ],
      translations: [{ network: 'home', uplink: 'dsl', pinholes: [{ to: 'fd12:3456:789a:1::10', tcp: ['443'] }] }],
    },
  });
  const needs = answer?.['needs'] as { name: string; found: string }[];
  expect(needs.find(({ name }) => name === 'nf_tables')?.found).toBe('untried');
});

test('check: tools that are not there are told, the configuration is valid all the same', () => {
  writeFileSync(config, good.replace('from: dhcpcd, length: 58', 'from: static, prefix: "2a00:1:2::/58"'));
  // Nothing but Node is to be found.
  symlinkSync(process.execPath, join(directory, 'node'));
  const path = process.env['PATH'];
  process.env['PATH'] = directory;
  const ended = sixgate(['check', '--config', config]);
  process.env['PATH'] = path;
  expect(ended.code).toBe(0);
  expect(ended.stdout).not.toContain('dhcpcd');
  expect(ended.stderr).toContain('conntrack is missing on this machine\n  Install conntrack.\n');
});

test('check: every problem of every file with its place, exit code 78', () => {
  writeFileSync(config, good.replace('interface: eth1', 'interfac: eth1').replace('fd12:3456:789a::/58', 'fc::/58'));
  mkdirSync(join(directory, 'conf.d'));
  writeFileSync(
    join(directory, 'conf.d/x.yaml'),
    'networks: { home: { subnets: { iot: { id: 64 } } } }\nfirewall: {}\n',
  );
  const ended = sixgate(['check', '--config', config]);
  expect(ended).toMatchObject({ code: 78, stdout: '' });
  const places = ended.stderr.split('\n').filter((line) => line.startsWith(directory));
  expect(places.map((line) => line.slice(directory.length + 1).split(': ')[0])).toEqual([
    'config.yaml:5:13',
    'config.yaml:7:21',
    'conf.d/x.yaml:2:1',
  ]);
  expect(ended.stderr).toContain('Write interface.');

  const json = sixgate(['check', '--json', '--config', config]);
  expect(json).toMatchObject({ code: 78, stderr: '' });
  expect(jsonLines(json)).toMatchObject([
    {
      schemaVersion: 1,
      valid: false,
      problems: [{ line: 5, column: 13, code: 'config-prefix' }, { line: 7 }, { line: 2 }],
    },
  ]);
});

test('check: warnings end with 0', () => {
  writeFileSync(config, good.replaceAll('fd12:3456:789a::', 'fd00::'));
  const ended = sixgate(['check', '--config', config]);
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain(`${config}:5:13: warning: networks.home.prefix: fd00::/58 has a Global ID of zero`);
});

test('check: no file', () => {
  expect(sixgate(['check', '--config', config])).toEqual({
    code: 78,
    stdout: '',
    stderr: expect.stringContaining(`${config}:1:1: there is no such file\n`) as string,
  });
});

test('check --schema: the schema that is shipped', () => {
  const shipped = readFileSync(join(import.meta.dirname, '../../packaging/sixgate.schema.json'), 'utf8');
  expect(sixgate(['check', '--schema'])).toEqual({ code: 0, stdout: shipped, stderr: '' });
});

test('generate firewall: to standard output, as JSON, and under a directory', () => {
  writeFileSync(config, good);
  const generate = (...args: string[]) => sixgate(['generate', 'firewall', '--config', config, ...args]);
  const text = generate('--for', 'nftables');
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toContain('ip6 daddr fd12:3456:789a:1::10 ct status dnat udp dport 6000-6100 accept');
  expect(jsonLines(generate('--for', 'nftables', '--json'))).toEqual([
    { schemaVersion: 1, files: [{ path: '/etc/sixgate/firewall.nft', mode: '0644', text: text.stdout }] },
  ]);

  const root = join(directory, 'root');
  const target = join(root, 'etc/sixgate/firewall.rules6');
  expect(generate('--for', 'iptables', '--out', root)).toEqual({ code: 0, stdout: '', stderr: `${target} written\n` });
  expect(readFileSync(target, 'utf8')).toBe(generate('--for', 'iptables').stdout);
  writeFileSync(target, 'mine\n');
  expect(generate('--for', 'iptables', '--out', root)).toMatchObject({ code: 1, stdout: '' });
  expect(readFileSync(target, 'utf8')).toBe('mine\n');
  expect(generate('--for', 'iptables', '--out', root, '--force').code).toBe(0);
});

test('generate: what it cannot do', () => {
  expect(sixgate(['generate', 'firewall', '--for', 'pf']).code).toBe(2);
  expect(sixgate(['generate', 'firewall']).code).toBe(2);
  expect(sixgate(['generate', 'nonsense']).code).toBe(2);
  writeFileSync(config, 'uplinks: 3\n');
  expect(sixgate(['generate', 'firewall', '--for', 'nftables', '--config', config])).toMatchObject({
    code: 78,
    stdout: '',
  });
});
