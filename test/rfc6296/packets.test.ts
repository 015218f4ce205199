import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatIpv6, parseIpv6 } from '../../src/core/ipv6.ts';
import { mapAddress } from '../../src/core/map-address.ts';
import { parsePrefix } from '../../src/core/prefix.ts';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { gatewayAddress, insideAddress, serverAddress, type LabNode } from '../lab/nodes.ts';
import { configText, inside, readReport, startFollowing } from '../translate/following.ts';
import {
  buildDatagram,
  buildPacket,
  buildSctp,
  buildSegment,
  checksum,
  checksumHolds,
  fragment,
  header,
  readPacket,
  readQuote,
  withOptions,
  type ReadPacket,
} from '../translate/packet.ts';
import { startPeers, type Peer } from '../translate/peers.ts';
import type { Protocol } from '../translate/peer/protocol.ts';
import { reconfigure } from '../translate/reconfigure.ts';
import { sendRaw, startCapture } from '../translate/wire.ts';

// What `mode: rfc6296` does to packets of every kind, behind a stateful firewall that drops what it does not know.

const mode = 'mode: rfc6296';
const allow = 'allow: [{ to: "servers::10", tcp: [443], udp: [443, 9], icmp: true }]';

function value<T>(result: { ok: true; value: T } | { ok: false; problem: { message: string } }): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** The outside address of an inside host, by `core`. */
function outsideOf(address: string): string {
  const rule = { inside: value(parsePrefix(inside)), outside: value(parsePrefix('2001:db8:a:aa80::/58')) };
  const { mapped } = value(mapAddress({ ...rule, address: value(parseIpv6(address)), mode: 'rfc6296' }));
  return formatIpv6(mapped!);
}
const outside = {
  lan1: outsideOf(insideAddress('lan1')),
  lan1b: outsideOf(insideAddress('lan1b')),
  lan2: outsideOf(insideAddress('lan2')),
  gateway: outsideOf(gatewayAddress(0)),
};

/** An admin's own: it lets LANs out and to each other, by the detour as well, and nothing in but what belongs to a flow. */
const firewall = `table inet admin {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    ct state invalid counter name invalid drop
    iifname { "eth1", "eth2" } oifname { "eth0", "six-eth0" } accept
    iifname "six-eth0" oifname { "eth1", "eth2" } accept
    iifname "eth0" ip6 daddr fd12:3456:789a::/58 accept
  }
  counter invalid { }
}`;

let lab: Lab;
let daemon: LabProcess;
let peers: Record<'server' | 'router' | 'lan1' | 'lan1b' | 'lan2', Peer>;

beforeAll(async () => {
  lab = await Lab.start({ name: 'sixpackets' });
  await lab.exec('router', ['nft', '-f', '-'], { input: firewall });
  [daemon, peers] = await Promise.all([
    startFollowing(lab, configText({ translation: `${mode}, ${allow}` })),
    startPeers(lab, ['server', 'router', 'lan1', 'lan1b', 'lan2']),
  ]);
  for (const node of ['server', 'lan1', 'lan1b', 'lan2', 'router'] as const) {
    await Promise.all([peers[node].listen('tcp', 443), peers[node].listen('udp', 443)]);
  }
}, 30_000);
afterAll(async () => lab?.stop());

const leaked = async (): Promise<number> => (await lab.provider.counters()).inside;
const ping = async (node: LabNode, target: string, ...options: string[]): Promise<string> =>
  (await lab.shell(node).attempt(['ping', '-6', '-n', '-c', '1', '-W', '1', ...options, target])).stdout;
const fromOutside = (protocol: Protocol, target: string, port: number) =>
  peers.server.ask({ protocol, target, port, timeout: 300 });

test('out by TCP, UDP and ping; seen by the address that core says', async () => {
  for (const [host, seen] of [
    ['lan1', outside.lan1],
    ['lan2', outside.lan2],
  ] as const) {
    for (const protocol of ['tcp', 'udp'] as const) {
      expect((await peers[host].ask({ protocol, target: serverAddress, port: 443 })).source).toBe(seen);
    }
    expect(await ping(host, serverAddress)).toContain(`bytes from ${serverAddress}`);
  }
});

test('conntrack has inside addresses only, and each flow of LAN and Internet once', async () => {
  const entries = await lab.exec('router', ['conntrack', '-L', '-f', 'ipv6', '-d', serverAddress]);
  expect(entries).toContain(`src=${insideAddress('lan1')}`);
  expect(entries).not.toContain('2001:db8:a:aa8');
});

test('in by pinholes alone: hosts, and the inside addresses of the router', async () => {
  expect((await fromOutside('tcp', outside.lan2, 443)).source).toBe(serverAddress);
  expect((await fromOutside('udp', outside.lan2, 443)).source).toBe(serverAddress);
  expect(await ping('server', outside.lan2)).toContain(`bytes from ${outside.lan2}`);
  for (const target of [outside.lan1, outside.gateway]) {
    expect((await fromOutside('tcp', target, 443)).error).toBe('silent');
    expect((await fromOutside('udp', target, 443)).error).toBe('silent');
    expect(await ping('server', target)).toContain('0 received');
  }
});

test('nor does what conntrack calls invalid come in: segments of no connection', async () => {
  const lan = await startCapture(lab, 'lan1', { port: 'eth0', filter: 'tcp', direction: 'in' });
  const ends = { source: serverAddress, destination: outside.lan1 };
  const segments = [0x04, 0x11, 0x12, 0x10, 0x00, 0x3f].map((flags, index) =>
    buildPacket({ ...ends, next: header.tcp, payload: buildSegment(ends, { from: 99, to: 700 + index, flags }) }),
  );
  await sendRaw(lab, 'server', segments);
  expect((await peers.lan1.ask({ protocol: 'tcp', target: serverAddress, port: 443 })).source).toBe(outside.lan1);
  await lan.first('the answer to what was asked');
  expect(lan.packets.filter(({ payload }) => payload.readUInt16BE(2) >= 700 && payload.readUInt16BE(2) < 710)).toEqual(
    [],
  );
  await lan.stop();
});

test("the router's own addresses are not translated: those of the WAN link, and one within the delegation", async () => {
  const shown = await lab.exec('router', ['ip', '-6', '-o', 'addr', 'show', 'dev', 'eth0', 'scope', 'global']);
  const wan = /inet6 (\S+)\//.exec(shown)![1]!;
  const within = '2001:db8:a:aa81::7';
  await lab.exec('router', ['ip', 'addr', 'add', `${within}/128`, 'dev', 'eth0', 'nodad']);
  for (const own of [wan, within]) {
    await expect
      .poll(
        async () => (await peers.router.ask({ protocol: 'tcp', target: serverAddress, port: 443, from: own })).source,
      )
      .toBe(own);
    expect((await fromOutside('tcp', own, 443)).source).toBe(serverAddress);
    expect((await peers.lan1.ask({ protocol: 'tcp', target: own, port: 443 })).source).toBe(insideAddress('lan1'));
  }
  await lab.exec('router', ['ip', 'addr', 'del', `${within}/128`, 'dev', 'eth0']);
});

describe('inside hosts by their outside addresses (RFC 6296 4.3)', () => {
  test.each([
    ['lan1', 'lan2'],
    ['lan2', 'lan1'],
    ['lan1', 'lan1b'],
    ['lan1', 'lan1'],
  ] as const)('%s reaches %s, and is seen by its own outside address', async (from, to) => {
    for (const protocol of ['tcp', 'udp'] as const) {
      const answer = await peers[from].ask({ protocol, target: outside[to], port: 443 });
      expect(answer.source ?? answer.error).toBe(outside[from]);
    }
    expect(await ping(from, outside[to])).toContain(`bytes from ${outside[to]}`);
  });

  test('errors come back: refused, and too big for the other LAN', async () => {
    expect((await peers.lan1.ask({ protocol: 'udp', target: outside.lan2, port: 9 })).error).toBe('ECONNREFUSED');
    expect((await peers.lan1.ask({ protocol: 'tcp', target: outside.lan1b, port: 9 })).error).toBe('ECONNREFUSED');
    await lab.exec('router', ['sh', '-c', 'echo 1400 > /proc/sys/net/ipv6/conf/eth2/mtu']);
    const { error } = await peers.lan1.transfer(outside.lan2, 443, { up: 2_000_000, down: 2_000_000 });
    await lab.exec('router', ['sh', '-c', 'echo 1500 > /proc/sys/net/ipv6/conf/eth2/mtu']);
    expect(error).toBeUndefined();
  });

  test('of that nothing is on the WAN; what nobody has there is told at once', async () => {
    const wan = await startCapture(lab, 'provider', { port: 'wan0', filter: 'udp port 443 or icmp6[0] == 128' });
    await peers.lan1.ask({ protocol: 'udp', target: outside.lan2, port: 443 });
    expect(await ping('lan1', '2001:db8:a:aa85::99')).toMatch(/From \S+ icmp_seq=1 Destination unreachable/);
    await peers.lan1.ask({ protocol: 'udp', target: serverAddress, port: 443 });
    await wan.first('what goes out', ({ destination }) => destination === serverAddress);
    expect(
      wan.packets.every(({ destination }) => !destination.startsWith('2001:db8:a:aa8') || destination === outside.lan1),
    ).toBe(true);
    await wan.stop();
  });
});

describe('ICMPv6 errors, with the packet that they quote', () => {
  const isError = (type: number) => (packet: ReadPacket) => packet.next === header.icmp && packet.payload[0] === type;

  test.each([
    ['lan1', serverAddress],
    ['server', outside.lan2],
  ] as const)('%s is told of a port unreachable at %s, about what it sent', async (node, destination) => {
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
  });

  test('time exceeded, also by the router itself, under its own address', async () => {
    const hop = async (node: LabNode, target: string, limit: number) =>
      /From (\S+) icmp_seq=1 Time exceeded/.exec(await ping(node, target, '-t', String(limit)))?.[1];
    expect(await hop('lan1', serverAddress, 1)).toBe(gatewayAddress(0));
    expect(await hop('lan1', serverAddress, 2)).toMatch(/^2001:db8:a:aa00:/);
    expect(await hop('server', outside.lan2, 1)).toBe('2001:db8:ffff::1');
    const errors = await startCapture(lab, 'server', { port: 'eth0', filter: 'icmp6[0] == 3', direction: 'in' });
    expect(await hop('server', outside.lan2, 2)).toMatch(/^2001:db8:a:aa00:/);
    const error = await errors.first('time exceeded');
    expect(checksumHolds(error)).toBe(true);
    expect(readQuote(error)).toMatchObject({ source: serverAddress, destination: outside.lan2 });
    await errors.stop();
  });

  test('packet too big: 5 MB pass both ways through a hop of 1400 bytes on either side', async () => {
    const setMtu = (node: LabNode, port: string, bytes: number) =>
      lab.exec(node, ['sh', '-c', `echo ${bytes} > /proc/sys/net/ipv6/conf/${port}/mtu`]);
    await Promise.all([setMtu('provider', 'inet0', 1400), setMtu('router', 'eth2', 1400)]);
    const bytes = { up: 5_000_000, down: 5_000_000 };
    expect((await peers.lan2.transfer(serverAddress, 443, bytes)).error).toBeUndefined();
    expect((await peers.server.transfer(outside.lan2, 443, bytes)).error).toBeUndefined();
    await Promise.all([setMtu('provider', 'inet0', 1500), setMtu('router', 'eth2', 1500)]);
  }, 20_000);
});

describe('packets as no socket makes them', () => {
  const out = { source: insideAddress('lan1'), destination: serverAddress };

  /** What of these is seen by the server, all under the outside address, every payload as it was sent. */
  async function sendAndSee(packets: readonly Buffer[]): Promise<ReadPacket[]> {
    const filter = '(src net 2001:db8:a:aa80::/58 or src net fc00::/7) and not icmp6';
    const server = await startCapture(lab, 'server', { port: 'eth0', filter, direction: 'in' });
    const last = buildDatagram(out, { from: 60_000, to: 443 });
    await sendRaw(lab, 'lan1', [...packets, buildPacket({ ...out, next: header.udp, payload: last })]);
    const isLast = ({ next, payload }: ReadPacket) => next === header.udp && payload.readUInt16BE(0) === 60_000;
    await server.first('the last datagram', isLast);
    await server.stop();
    expect(await leaked()).toBe(0);
    const seen = server.packets.filter((packet) => !isLast(packet));
    expect(seen.every(({ source }) => source === outside.lan1)).toBe(true);
    return seen;
  }
  const plain = (next: number, payload: Uint8Array) => buildPacket({ ...out, next, payload });

  test('protocols that NAT does not know, byte for byte: UDP-Lite, DCCP, SCTP, ESP, GRE, IPv4 in IPv6, 253', async () => {
    const lite = buildDatagram(out, { from: 2001, to: 443, lite: true });
    const sctp = buildSctp({ from: 2002, to: 443 });
    const bytes = Buffer.from('0011223344556677889900aabbccddeeff0011223344556677', 'hex');
    await lab.exec('router', [
      'nft',
      'insert',
      'rule',
      'inet',
      'admin',
      'forward',
      'meta',
      'l4proto',
      '{ 33, 136 }',
      'accept',
    ]);
    const sent: [number, Buffer][] = [
      [header.udpLite, lite],
      [header.sctp, sctp],
      [50, bytes],
      [47, Buffer.concat([Buffer.from([0, 0, 0x86, 0xdd]), bytes])],
      [4, Buffer.concat([Buffer.from([0x45, 0, 0, 45]), bytes, Buffer.alloc(16)])],
      [33, bytes],
      [253, bytes],
    ];
    const seen = await sendAndSee(sent.map(([next, payload]) => plain(next, payload)));
    expect(seen.map(({ next, payload }) => [next, payload])).toEqual(sent);
    expect(checksumHolds(seen[0]!)).toBe(true);
  });

  test('wrong checksums stay wrong, and are for the receiver to judge', async () => {
    await lab.exec('router', ['nft', 'flush', 'chain', 'inet', 'admin', 'forward']);
    await lab.exec('router', ['nft', 'add', 'chain', 'inet', 'admin', 'forward', '{ policy accept; }']);
    const spoilt = [
      plain(header.sctp, buildSctp({ from: 2003, to: 443, spoil: true })),
      plain(header.udp, buildDatagram(out, { from: 2003, to: 443, spoil: true })),
    ];
    const seen = await sendAndSee(spoilt);
    expect(seen.map(({ next }) => next)).toEqual([header.sctp, header.udp]);
    expect(checksumHolds(seen[1]!)).toBe(false);
  });

  test('fragments and extension headers', async () => {
    const whole = (from: number) => ({
      ...out,
      next: header.udp,
      payload: buildDatagram(out, { from, to: 443, size: 3000 }),
    });
    const [a, b, c] = fragment(whole(2008), 1024, 8);
    const options = (kind: number) =>
      withOptions({ ...out, next: header.udp, payload: buildDatagram(out, { from: 2010, to: 443 }) }, kind);
    const seen = await sendAndSee([
      c!,
      a!,
      b!,
      buildPacket(options(header.options)),
      buildPacket(options(header.hopByHop)),
    ]);
    const parts = seen.filter(({ next }) => next === header.fragment);
    const body = Buffer.concat(parts.map(({ payload }) => payload.subarray(8)));
    expect(body.length).toBe(3008);
    expect(
      checksumHolds({ source: outside.lan1, destination: serverAddress, next: header.udp, hopLimit: 1, payload: body }),
    ).toBe(true);
    expect(seen.slice(parts.length).map(({ next }) => next)).toEqual([header.options, header.hopByHop]);
    expect((await peers.lan1.ask({ protocol: 'udp', target: serverAddress, port: 443, size: 4000 })).source).toBe(
      outside.lan1,
    );
    expect((await peers.server.ask({ protocol: 'udp', target: outside.lan2, port: 443, size: 4000 })).source).toBe(
      serverAddress,
    );
  });

  test('an error behind extension headers is translated with its quote; one that quotes something else is dropped', async () => {
    const lan = await startCapture(lab, 'lan1', { port: 'eth0', filter: 'ip6', direction: 'in' });
    const ends = { source: serverAddress, destination: outside.lan1 };
    const error = (quoted: string, port: number) => {
      const sent = { source: quoted, destination: serverAddress };
      const quote = buildPacket({ ...sent, next: header.udp, payload: buildDatagram(sent, { from: port, to: 443 }) });
      const payload = Buffer.concat([Buffer.from([1, 4, 0, 0, 0, 0, 0, 0]), quote]);
      payload.writeUInt16BE(checksum(ends, header.icmp, payload), 2);
      return withOptions(withOptions({ ...ends, next: header.icmp, payload }, header.options), header.hopByHop);
    };
    await reconfigure(lab, daemon, configText({ translation: `${mode}, inbound: allow` }));
    await sendRaw(lab, 'server', [buildPacket(error('2001:db8:99::1', 5)), buildPacket(error(outside.lan1, 6))]);
    const seen = await lan.first('the error', ({ next }) => next === header.hopByHop);
    const quote = seen.payload.subarray(16 + 8);
    expect(readPacket(quote).source).toBe(insideAddress('lan1'));
    expect(lan.packets.filter(({ next }) => next === header.hopByHop)).toHaveLength(1);
    await lan.stop();
    await reconfigure(lab, daemon, configText({ translation: `${mode}, ${allow}` }));
  });
});

test('an interface identifier without a counterpart is told at once, and trace says why', async () => {
  const ones = 'fd12:3456:789a:0:ffff:ffff:ffff:ffff';
  await lab.exec('lan1', ['ip', 'addr', 'add', `${ones}/128`, 'dev', 'eth0', 'nodad']);
  await lab.exec('router', ['ip', '-6', 'route', 'add', `${ones}/128`, 'via', insideAddress('lan1')]);
  expect(await ping('lan1', serverAddress, '-I', ones)).toMatch(/From \S+ icmp_seq=1 Destination unreachable/);
  const traced = await lab.router.sixgate('trace', ones);
  expect(traced.code).toBe(3);
  expect(traced.stdout).toContain('its interface identifier is all ones');
  await lab.exec('lan1', ['ip', 'addr', 'del', `${ones}/128`, 'dev', 'eth0']);
});

test('trace, status and map tell the addresses that the server sees', async () => {
  const { lines } = JSON.parse((await lab.router.sixgate('trace', insideAddress('lan1'), '--json')).stdout) as {
    lines: { direction: string; becomes: string | null }[];
  };
  expect(lines.map(({ direction, becomes }) => [direction, becomes])).toEqual([
    ['outbound', outside.lan1],
    ['inbound', insideAddress('lan1')],
    ['hairpin', insideAddress('lan1')],
  ]);
  expect((await lab.router.sixgate('trace', outside.lan2)).stdout).toContain(`-> ${insideAddress('lan2')}`);
  expect(readReport(lab)?.mappings).toMatchObject([{ inside, outside: '2001:db8:a:aa80::/58', direction: 'both' }]);
});

test('hairpin: false, and no packet of an inside host is ever seen outside', async () => {
  await reconfigure(lab, daemon, configText({ translation: `${mode}, hairpin: false` }));
  expect(await ping('lan1', outside.lan2)).toMatch(/Destination unreachable/);
  expect((await peers.lan1.ask({ protocol: 'tcp', target: serverAddress, port: 443 })).source).toBe(outside.lan1);
  expect(await leaked()).toBe(0);
});

test('to the stateful mode and back, and everything is gone when it is withdrawn', async () => {
  const flow = await peers.lan1.open({ protocol: 'udp', target: serverAddress, port: 443 });
  expect((await flow.say()).source).toBe(outside.lan1);
  await reconfigure(lab, daemon, configText());
  await expect.poll(async () => (await flow.say()).source).toBe('2001:db8:a:aa80::10');
  expect(await lab.exec('router', ['ip', 'link'])).not.toContain('six-eth0');
  expect(await lab.exec('router', ['tc', 'filter', 'show', 'dev', 'eth0', 'ingress'])).not.toContain('sixgate');
  await reconfigure(lab, daemon, configText({ translation: mode }));
  await expect.poll(async () => (await flow.say()).source).toBe(outside.lan1);
  await flow.close();
  expect(await leaked()).toBe(0);
  await daemon.stop();
  expect((await lab.router.sixgate('apply', '--withdraw')).code).toBe(0);
  expect(await lab.exec('router', ['ip', 'link'])).not.toContain('six-eth0');
  expect(await lab.exec('router', ['tc', 'filter', 'show', 'dev', 'eth0', 'egress'])).not.toContain('sixgate');
  expect(await lab.exec('router', ['nft', 'list', 'tables'])).not.toContain('sixgate');
});
