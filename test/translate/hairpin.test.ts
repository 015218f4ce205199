import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { insideAddress, type LanHost } from '../lab/nodes.ts';
import { configText, readReport, startFollowing, waitForMapping } from './following.ts';
import { startPeers, type Peer } from './peers.ts';
import type { Protocol } from './peer/protocol.ts';
import { reconfigure } from './reconfigure.ts';
import { startCapture } from './wire.ts';

// Inside hosts, and the router itself, reach inside hosts by their outside addresses.

const outside = (host: LanHost, base = '2001:db8:a:aa8'): string =>
  ({ lan1: `${base}0::10`, lan1b: `${base}0::11`, lan2: `${base}1::10` })[host];

let lab: Lab;
let daemon: LabProcess;
let peers: Record<'router' | 'server' | LanHost, Peer>;

beforeAll(async () => {
  lab = await Lab.start({ name: 'hairpin' });
  [daemon, peers] = await Promise.all([
    startFollowing(lab),
    startPeers(lab, ['server', 'router', 'lan1', 'lan1b', 'lan2']),
  ]);
  for (const host of ['lan1', 'lan1b', 'lan2', 'server'] as const) {
    await Promise.all([peers[host].listen('tcp', 7777), peers[host].listen('udp', 7777)]);
  }
}, 30_000);
afterAll(async () => lab?.stop());

const pairs: [LanHost, LanHost][] = [
  ['lan1', 'lan2'],
  ['lan2', 'lan1'],
  ['lan1', 'lan1b'],
  ['lan1', 'lan1'],
];

/** Who each of the pairs is seen as, by TCP and UDP, and whether it is answered to a ping. */
async function askAll(base?: string): Promise<string[]> {
  return Promise.all(
    pairs.map(async ([from, to]) => {
      const target = outside(to, base);
      const ask = async (protocol: Protocol) => {
        const { source, error } = await peers[from].ask({ protocol, target, port: 7777 });
        return source ?? error;
      };
      const ping = lab.shell(from).attempt(['ping', '-6', '-n', '-c', '1', '-W', '1', target]);
      const [tcp, udp, { stdout }] = await Promise.all([ask('tcp'), ask('udp'), ping]);
      const echo = stdout.includes(`bytes from ${target}`) ? 'echo' : 'no echo';
      return `${from} to ${to}: ${tcp} ${udp} ${echo}`;
    }),
  );
}

const seenByOutsideAddress = (base?: string): string[] =>
  pairs.map(([from, to]) => `${from} to ${to}: ${outside(from, base)} ${outside(from, base)} echo`);

test('across subnets, within one and to itself; the other sees the outside address; nothing of it is on the WAN', async () => {
  const wan = await startCapture(lab, 'provider', { port: 'wan0', filter: 'tcp or udp port 7777 or icmp6[0] == 128' });
  expect(await askAll()).toEqual(seenByOutsideAddress());
  await peers.lan1.ask({ protocol: 'udp', target: '2001:db8:ffff::80', port: 7777 });
  // The capture tells of packets late, and in order: the answer to what comes after is the last one.
  await wan.first('what comes after', ({ source }) => source === '2001:db8:ffff::80');
  expect(wan.packets.filter(({ destination }) => destination.startsWith('2001:db8:a:aa8'))).toHaveLength(1);
  await wan.stop();
});

test('errors come back: connection refused by a neighbour on the same subnet, under its outside address', async () => {
  const errors = await startCapture(lab, 'lan1', { port: 'eth0', filter: 'icmp6[0] == 1', direction: 'in' });
  const ask = (protocol: Protocol) => peers.lan1.ask({ protocol, target: outside('lan1b'), port: 9 });
  expect((await ask('udp')).error).toBe('ECONNREFUSED');
  expect((await ask('tcp')).error).toBe('ECONNREFUSED');
  expect(await errors.first('port unreachable')).toMatchObject({
    source: outside('lan1b'),
    destination: insideAddress('lan1'),
  });
  await errors.stop();
});

test('the router itself is told at once that it cannot: its packets meet the unreachable route first', async () => {
  for (const host of ['lan1', 'lan2'] as const) {
    const { error, ms } = await peers.router.ask({ protocol: 'tcp', target: outside(host), port: 7777 });
    expect(error).toBe('EHOSTUNREACH');
    expect(ms).toBeLessThan(100);
  }
  const inside = await peers.router.ask({ protocol: 'tcp', target: insideAddress('lan2'), port: 7777 });
  expect(inside.source).toMatch(/^fd12:3456:789a:/);
});

test('no mark is needed: rules that overwrite every mark do not disturb', async () => {
  const chain = (hook: string, priority: number) =>
    `chain ${hook} { type filter hook ${hook} priority ${priority}; meta mark set 0x5a; ct mark set 0xa5; }\n`;
  const chains = [chain('prerouting', -150), chain('forward', 0), chain('postrouting', 99)];
  await lab.exec('router', ['nft', '-f', '-'], { input: `table inet marks {\n${chains.join('')}}\n` });
  expect(await askAll()).toEqual(seenByOutsideAddress());
  expect(await lab.exec('router', ['conntrack', '-L', '-f', 'ipv6', '-m', '0xa5'])).toContain(outside('lan2'));
  await lab.exec('router', ['nft', 'delete', 'table', 'inet', 'marks']);
});

test('after a change of the prefix: by the new outside addresses, and a flow between hosts is moved to them', async () => {
  await lab.provider.renumber({ site: 2 });
  await waitForMapping(lab, (prefix) => prefix === '2001:db8:b:bb80::/58');
  expect(await askAll('2001:db8:b:bb8')).toEqual(seenByOutsideAddress('2001:db8:b:bb8'));
  const { error } = await peers.lan1.ask({ protocol: 'tcp', target: outside('lan2'), port: 7777, timeout: 300 });
  expect(error).toBeDefined();
});

test('hairpin: false: refused at once between hosts, while the way out and in stay', async () => {
  await reconfigure(
    lab,
    daemon,
    configText({ translation: 'hairpin: false, allow: [{ to: "servers::10", tcp: [7777] }]' }),
  );
  const base = '2001:db8:b:bb8';
  for (const [from, to] of pairs) {
    const { stdout } = await lab.shell(from).attempt(['ping', '-6', '-n', '-c', '1', '-W', '1', outside(to, base)]);
    expect(stdout).toMatch(/From fd12:3456:789a:\S*:1 icmp_seq=1 Destination unreachable/);
  }
  const server = '2001:db8:ffff::80';
  expect((await peers.lan1.ask({ protocol: 'tcp', target: server, port: 7777 })).source).toBe(outside('lan1', base));
  const inbound = await peers.server.ask({ protocol: 'tcp', target: outside('lan2', base), port: 7777 });
  expect(inbound.source).toBe(server);
  expect(readReport(lab)?.problems).toEqual([]);
});
