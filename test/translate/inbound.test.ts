import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { gatewayAddress, insideAddress, serverAddress, type LabNode } from '../lab/nodes.ts';
import { buildDatagram, buildPacket, checksumHolds, header, readQuote, type ReadPacket } from './packet.ts';
import { startPeers, type Peer, type PeerFlow } from './peers.ts';
import type { Answer, Protocol } from './peer/protocol.ts';
import { configText, readReport, startFollowing } from './following.ts';
import { reconfigure } from './reconfigure.ts';
import { sendRaw, startCapture } from './wire.ts';
import { waitUntil } from '../lab/wait-until.ts';

// Who gets in from outside, and whether what belongs to a flow gets in with it.

const outside = {
  lan1: '2001:db8:a:aa80::10',
  lan2: '2001:db8:a:aa81::10',
  gateway: '2001:db8:a:aa80::1',
  gateway2: '2001:db8:a:aa81::1',
};
const allow = 'allow: [{ to: "servers::10", tcp: [443, "8000-8100"], udp: [443], icmp: true }]';

let lab: Lab;
let daemon: LabProcess;
let peers: Record<'server' | 'router' | 'lan1' | 'lan1b' | 'lan2', Peer>;

beforeAll(async () => {
  lab = await Lab.start({ name: 'inbound' });
  [daemon, peers] = await Promise.all([
    startFollowing(lab, configText({ translation: allow })),
    startPeers(lab, ['server', 'router', 'lan1', 'lan1b', 'lan2']),
  ]);
  const listeners: [LabNode & keyof typeof peers, Protocol, number][] = [
    ...([22, 443, 444, 442, 7999, 8000, 8050, 8100, 8101] as const).map((port) => ['lan2', 'tcp', port] as const),
    ...([442, 443, 444, 8000] as const).map((port) => ['lan2', 'udp', port] as const),
    ...(['tcp', 'udp'] as const).flatMap((protocol) =>
      (['server', 'router', 'lan1'] as const).map((node) => [node, protocol, 443] as const),
    ),
    ['lan1', 'tcp', 22],
  ].map(([...listener]) => listener as [LabNode & keyof typeof peers, Protocol, number]);
  await Promise.all(listeners.map(([node, protocol, port]) => peers[node].listen(protocol, port)));
}, 30_000);
afterAll(async () => lab?.stop());

/** What the server on the Internet gets for an answer. */
const fromOutside = (protocol: Protocol, target: string, port: number): Promise<Answer> =>
  peers.server.ask({ protocol, target, port, timeout: 300 });

async function ping(node: LabNode, target: string, ...options: string[]): Promise<{ answered: boolean; text: string }> {
  const argv = ['ping', '-6', '-n', '-c', '1', '-W', '0.3', ...options, target];
  const { code, stdout } = await lab.shell(node).attempt(argv);
  return { answered: code === 0, text: stdout };
}

const guardCounter = async (name: string): Promise<number> => {
  const text = await lab.exec('router', ['nft', 'list', 'counters', 'table', 'ip6', 'sixgate']);
  return Number(new RegExp(`counter ${name} {\\s*packets (\\d+)`).exec(text)?.[1]);
};

describe('inbound: deny', () => {
  test('what is asked below does listen: inside hosts reach it', async () => {
    const answers = await Promise.all([
      peers.lan1b.ask({ protocol: 'tcp', target: insideAddress('lan1'), port: 22 }),
      peers.lan1b.ask({ protocol: 'udp', target: insideAddress('lan1'), port: 443 }),
      peers.lan1b.ask({ protocol: 'tcp', target: insideAddress('lan2'), port: 8101 }),
      peers.lan1b.ask({ protocol: 'udp', target: insideAddress('lan2'), port: 444 }),
      peers.lan1b.ask({ protocol: 'tcp', target: gatewayAddress(0), port: 443 }),
    ]);
    expect(answers.map(({ source }) => source)).toEqual(Array(5).fill(insideAddress('lan1b')));
    expect((await ping('lan1b', gatewayAddress(0))).answered).toBe(true);
  });

  test('nothing comes in unasked to a host or to an inside address of the router, and each packet counts', async () => {
    const before = await guardCounter('denied');
    const answers = await Promise.all([
      ...[outside.lan1, outside.gateway, outside.gateway2].flatMap((target) => [
        fromOutside('tcp', target, 443),
        fromOutside('udp', target, 443),
      ]),
      fromOutside('tcp', outside.lan1, 22),
      fromOutside('tcp', outside.lan2, 22),
    ]);
    expect(answers.map(({ error }) => error)).toEqual(Array(8).fill('silent'));
    const pings = await Promise.all([outside.lan1, outside.gateway, outside.gateway2].map((to) => ping('server', to)));
    expect(pings.map(({ answered }) => answered)).toEqual([false, false, false]);
    expect((await guardCounter('denied')) - before).toBe(8 + 3);
  });

  test('a pinhole lets in exactly what it names, and the host sees who asks', async () => {
    const ask = async (protocol: Protocol, ports: readonly number[]) =>
      Promise.all(ports.map(async (port) => (await fromOutside(protocol, outside.lan2, port)).source ?? 'silent'));
    expect(await ask('tcp', [443, 8000, 8050, 8100])).toEqual(Array(4).fill(serverAddress));
    expect(await ask('tcp', [442, 444, 7999, 8101])).toEqual(Array(4).fill('silent'));
    expect(await ask('udp', [443])).toEqual([serverAddress]);
    expect(await ask('udp', [442, 444, 8000])).toEqual(Array(3).fill('silent'));
    expect((await ping('server', outside.lan2)).answered).toBe(true);
  });

  test('replies to what inside hosts began come in; another port of the same server does not', async () => {
    const flow = await peers.lan1.open({ protocol: 'udp', target: serverAddress, port: 443, fromPort: 5555 });
    expect(await flow.say()).toMatchObject({ source: outside.lan1, port: 5555 });
    await peers.lan1.listen('udp', 5556);
    const ends = { source: insideAddress('lan1'), destination: serverAddress };
    const payload = buildDatagram(ends, { from: 5556, to: 9 });
    await sendRaw(lab, 'lan1', [buildPacket({ ...ends, next: header.udp, payload })]);
    expect((await fromOutside('udp', outside.lan1, 5556)).error).toBe('silent');
    const tcp = await peers.lan1.open({ protocol: 'tcp', target: serverAddress, port: 443 });
    expect((await tcp.say()).source).toBe(outside.lan1);
    expect((await tcp.say()).source).toBe(outside.lan1);
    await flow.close();
    await tcp.close();
  });
});

describe('ICMPv6 errors reach the application', () => {
  const isError = (type: number) => (packet: ReadPacket) => packet.next === header.icmp && packet.payload[0] === type;

  /** Sends one datagram with a right checksum (a socket's own is left to the cable) and reads the error about it. */
  async function readError(node: 'lan1' | 'server', destination: string): Promise<ReadPacket> {
    const errors = await startCapture(lab, node, { port: 'eth0', filter: 'icmp6', direction: 'in' });
    const ends = { source: node === 'server' ? serverAddress : insideAddress(node), destination };
    const payload = buildDatagram(ends, { from: 4001, to: 9 });
    await sendRaw(lab, node, [buildPacket({ ...ends, next: header.udp, payload })]);
    const error = await errors.first('port unreachable', isError(1));
    await errors.stop();
    expect(error).toMatchObject({ source: destination, destination: ends.source });
    expect(checksumHolds(error)).toBe(true);
    const { hopLimit, ...quote } = readQuote(error);
    expect(quote).toEqual({ ...ends, next: header.udp, payload });
    expect(hopLimit).toBe(62);
    return error;
  }

  test('connection refused, by UDP and TCP; the quoted packet is the one that was sent', async () => {
    const ask = (protocol: Protocol) => peers.lan1.ask({ protocol, target: serverAddress, port: 9 });
    expect((await ask('udp')).error).toBe('ECONNREFUSED');
    expect((await ask('tcp')).error).toBe('ECONNREFUSED');
    await readError('lan1', serverAddress);
  });

  test('connection refused by an inside host behind a pinhole; nothing in it names the inside', async () => {
    await reconfigure(lab, daemon, configText({ translation: 'allow: [{ to: "servers::10", udp: [9] }]' }));
    expect((await fromOutside('udp', outside.lan2, 9)).error).toBe('ECONNREFUSED');
    await readError('server', outside.lan2);
    await reconfigure(lab, daemon, configText({ translation: allow }));
  });

  test('time exceeded: both sides see each hop on the way', async () => {
    const hop = async (node: LabNode, target: string, limit: number) =>
      /From (\S+) icmp_seq=1 Time exceeded/.exec((await ping(node, target, '-t', String(limit))).text)?.[1];
    expect(await hop('lan1', serverAddress, 1)).toBe(gatewayAddress(0));
    expect(await hop('lan1', serverAddress, 2)).toMatch(/^2001:db8:a:aa00:/);
    expect(await hop('server', outside.lan2, 1)).toBe('2001:db8:ffff::1');
    // Conntrack gives the router's own error the address of the host it is about.
    expect(await hop('server', outside.lan2, 2)).toBe(outside.lan2);
  });

  test('packet too big: 20 MB pass both ways through a hop of 1400 bytes beyond the translation, on either side', async () => {
    const setMtu = (node: LabNode, port: string, bytes: number) =>
      lab.exec(node, ['sh', '-c', `echo ${bytes} > /proc/sys/net/ipv6/conf/${port}/mtu`]);
    await setMtu('provider', 'inet0', 1400);
    await setMtu('router', 'eth2', 1400);
    const errors = await Promise.all([
      startCapture(lab, 'lan2', { port: 'eth0', filter: 'icmp6', direction: 'in' }),
      startCapture(lab, 'server', { port: 'eth0', filter: 'icmp6', direction: 'in' }),
    ]);
    const bytes = { up: 20_000_000, down: 20_000_000 };
    const [up, down] = await Promise.all([
      peers.lan2.transfer(serverAddress, 443, bytes),
      peers.server.transfer(outside.lan2, 443, bytes),
    ]);
    expect([up.error, down.error]).toEqual([undefined, undefined]);
    const [atHost, atServer] = await Promise.all(errors.map((each) => each.first('packet too big', isError(2))));
    expect(readQuote(atHost!)).toMatchObject({ source: insideAddress('lan2'), destination: serverAddress });
    expect(readQuote(atServer!)).toMatchObject({ source: serverAddress, destination: outside.lan2 });
    await Promise.all([
      ...errors.map((each) => each.stop()),
      setMtu('provider', 'inet0', 1500),
      setMtu('router', 'eth2', 1500),
    ]);
  }, 20_000);
});

describe('the configuration is read again', () => {
  test('other pinholes at once; flows go on, also those that the old ones let in, and no table is made anew', async () => {
    const flows: PeerFlow[] = await Promise.all([
      peers.lan1.open({ protocol: 'tcp', target: serverAddress, port: 443 }),
      peers.lan1.open({ protocol: 'udp', target: serverAddress, port: 443 }),
      peers.server.open({ protocol: 'tcp', target: outside.lan2, port: 443 }),
      peers.server.open({ protocol: 'udp', target: outside.lan2, port: 443 }),
    ]);
    const before = await Promise.all(flows.map((flow) => flow.say()));
    const handles = await lab.exec('router', ['nft', '-a', '-s', '-t', 'list', 'table', 'ip6', 'sixgate']);
    const { flowsMoved } = readReport(lab)!.activity;

    await reconfigure(lab, daemon, configText({ translation: 'allow: [{ to: "lan::10", tcp: [22] }]' }));

    expect(await lab.exec('router', ['nft', '-a', '-s', '-t', 'list', 'table', 'ip6', 'sixgate'])).toBe(handles);
    expect((await fromOutside('tcp', outside.lan1, 22)).source).toBe(serverAddress);
    expect((await fromOutside('tcp', outside.lan2, 443)).error).toBe('silent');
    expect((await ping('server', outside.lan2)).answered).toBe(false);
    const after = await Promise.all(flows.map((flow) => flow.say()));
    const seen = ({ source, port }: Answer) => ({ source, port });
    expect(before.map(seen).every(({ source }) => source !== undefined)).toBe(true);
    expect(after.map(seen)).toEqual(before.map(seen));
    expect(readReport(lab)!.activity.flowsMoved).toBe(flowsMoved);
    await Promise.all(flows.map((flow) => flow.close()));
  });

  test('inbound: allow lets everything in, translated; back to deny closes it again', async () => {
    const flow = await peers.lan1.open({ protocol: 'udp', target: serverAddress, port: 443 });
    const before = await flow.say();
    await reconfigure(lab, daemon, configText({ translation: 'inbound: allow' }));
    const answers = await Promise.all([
      fromOutside('tcp', outside.lan1, 22),
      fromOutside('udp', outside.lan1, 443),
      fromOutside('tcp', outside.lan2, 8101),
      fromOutside('tcp', outside.gateway, 443),
    ]);
    expect(answers.map(({ source }) => source)).toEqual(Array(4).fill(serverAddress));
    expect((await ping('server', outside.lan1)).answered).toBe(true);
    await reconfigure(lab, daemon, configText());
    expect((await fromOutside('tcp', outside.lan1, 22)).error).toBe('silent');
    expect((await flow.say()).port).toBe(before.port);
    await flow.close();
    await waitUntil('nothing wrong left', () => readReport(lab)?.problems.length === 0);
  });
});
