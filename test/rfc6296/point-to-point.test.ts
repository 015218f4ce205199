import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeNamespace, type Namespace } from '../kernel/namespace.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';

// An uplink without a link-layer header, as PPP has none: a tun device whose other end writes down the sources that it sees.

const config = `
uplinks:
  dsl: { interface: tun0, prefix: { from: static, prefix: "2001:db8:aaaa::/64" } }
networks:
  home: { prefix: "fd12:3456:789a::/48", subnets: { mapped: { id: 0 }, without: { id: 1 } } }
translate:
  - { network: home, uplink: dsl, mode: rfc6296 }
`;
const farEnd = `
import fcntl, os, struct, sys
tun = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tun, 0x400454CA, struct.pack('16sH', b'tun0', 0x1001))
print('ready', flush=True)
while True:
    packet = os.read(tun, 2000)
    if packet[0] >> 4 == 6 and packet[6] == 58 and packet[40] == 128: print(packet[8:24].hex(), flush=True)
`;
let router: Namespace;
let host: Namespace;
let directory: string;
const children: ChildProcess[] = [];
let seen = '';

beforeAll(async () => {
  [router, host] = [makeNamespace(), makeNamespace()];
  directory = mkdtempSync(join(tmpdir(), 'sixgate-tun-'));
  for (const name of ['run', 'state']) mkdirSync(join(directory, name));
  writeFileSync(join(directory, 'config.yaml'), config);
  const name = ({ exec }: Namespace): string => exec(['ip', 'netns', 'identify']).trim();
  const start = (argv: readonly string[]): ChildProcess => {
    const child = spawn('ip', ['netns', 'exec', name(router), ...argv], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    return child;
  };
  router.exec(['ip', 'link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'h0', 'netns', name(host)]);
  router.exec(['ip', 'tuntap', 'add', 'dev', 'tun0', 'mode', 'tun']);
  router.exec(['sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding']);
  const lines = [
    'link set lan up',
    'link set tun0 up',
    ...['', '1:'].map((subnet) => `addr add fd12:3456:789a:${subnet}:1/64 dev lan nodad`),
    'route add default dev tun0',
  ];
  router.exec(['ip', '-6', '-batch', '-'], `${lines.join('\n')}\n`);
  const addresses = ['', '1:'].map((subnet) => `addr add fd12:3456:789a:${subnet}:10/64 dev h0 nodad`);
  const hostLines = ['link set h0 up', ...addresses, 'route add default via fd12:3456:789a::1'];
  host.exec(['ip', '-6', '-batch', '-'], `${hostLines.join('\n')}\n`);
  start(['python3', '-c', farEnd]).stdout!.on('data', (data: Buffer) => (seen += data.toString()));
  await waitUntil('the far end', () => seen.includes('ready'));
  const paths = ['--config', 'config.yaml', '--runtime-dir', 'run', '--state-dir', 'state'];
  const inDirectory = paths.map((each) => (each.startsWith('--') ? each : join(directory, each)));
  start([join(repositoryRoot, 'bin/sixgate'), 'run', ...inDirectory]);
  const readReport = (): string =>
    router.exec(['sh', '-c', `cat ${join(directory, 'run/state.json')} 2>/dev/null || true`]);
  await waitUntil(
    'the guard, held, and the mapping',
    () => /"guardHeld": ?true/.test(readReport()) && readReport().includes('"both"'),
  );
}, 60_000);
afterAll(async () => {
  for (const child of children.toReversed()) {
    if (child.exitCode !== null) continue;
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill();
    await ended;
  }
  for (const namespace of [router, host]) namespace.remove();
  rmSync(directory, { recursive: true, force: true });
});

const ping = (from: string): string =>
  host.exec(['sh', '-c', `ping -c 1 -W 3 -I ${from} 2001:db8:ffff::80 2>&1 || true`]);

test('what has a mapping is translated, what has none is told at once, and nothing else is seen outside', async () => {
  expect(ping('fd12:3456:789a:1::10')).toMatch(/unreachable: Unknown code 5/);
  ping('fd12:3456:789a::10');
  await waitUntil('the packet', () => seen.includes('20010db8aaaa0000'));
  expect(seen.replace('ready', '').trim()).toBe('20010db8aaaa0000d19f000000000010');
}, 30_000);
