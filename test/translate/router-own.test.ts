import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { gatewayAddress, insideAddress, serverAddress, type LabNode } from '../lab/nodes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, startGuarded, waitForMapping } from './following.ts';
import {
  buildDatagram,
  buildPacket,
  buildSegment,
  buildSctp,
  checksumHolds,
  fragment,
  header,
  readPacket,
  withOptions,
  type ReadPacket,
} from './packet.ts';
import { startPeers, type Peer } from './peers.ts';
import { sendRaw, startCapture } from './wire.ts';

// The router's own addresses, addresses that nobody has, and packets that should not be: who is translated, who is
// stopped, and what is seen on the WAN cable.

const allow = 'allow: [{ to: "servers::10", udp: [443], icmp: true }]';
const outside = { lan1: '2001:db8:a:aa80::10', lan2: '2001:db8:a:aa81::10' };

let lab: Lab;
let peers: Record<'server' | 'router' | 'lan1' | 'lan2', Peer>;

beforeAll(async () => {
  lab = await Lab.start({ name: 'routerown' });
  [, peers] = await Promise.all([
    startGuarded(lab, configText({ translation: allow })),
    startPeers(lab, ['server', 'router', 'lan1', 'lan2']),
  ]);
  await Promise.all([
    ...(['tcp', 'udp'] as const).flatMap((protocol) =>
      (['server', 'lan2'] as const).map((node) => peers[node].listen(protocol, 443)),
    ),
    peers.router.listen('tcp', 443),
  ]);
}, 30_000);
afterAll(async () => lab?.stop());

const leaked = async (): Promise<number> => (await lab.provider.counters()).inside;

/** Packets that named counters of ours have seen, both copies of the guard together. */
async function counted(): Promise<Record<'leaving' | 'arriving' | 'unmapped' | 'denied', number>> {
  const text = await lab.exec('router', ['nft', 'list', 'counters']);
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`counter ${name} {\\s*packets (\\d+)`, 'g'))].reduce(
      (all, [, n]) => all + Number(n),
      0,
    );
  return { leaving: sum('leaving'), arriving: sum('arriving'), unmapped: sum('unmapped'), denied: sum('denied') };
}

async function ping(node: LabNode, target: string, ...options: string[]): Promise<string> {
  return (await lab.shell(node).attempt(['ping', '-6', '-n', '-c', '1', '-W', '0.5', ...options, target])).stdout;
}

describe('while there is no prefix', () => {
  test('the sender hears at once that it may not, by TCP, UDP and ping; it counts; nothing leaves', async () => {
    const errors = await startCapture(lab, 'lan1', { port: 'eth0', filter: 'icmp6[0] == 1', direction: 'in' });
    const before = await counted();
    const [tcp, udp] = await Promise.all(
      (['tcp', 'udp'] as const).map((protocol) =>
        peers.lan1.ask({ protocol, target: serverAddress, port: 443, timeout: 3000 }),
      ),
    );
    expect([tcp?.error, udp?.error]).toEqual(['EACCES', 'EACCES']);
    expect(udp!.ms).toBeLessThan(100);
    // A cable of no length brings the first error back within connect(), where TCP does not listen: the second SYN's
    // is heard, after a second.
    expect(tcp!.ms).toBeLessThan(1500);
    expect(await ping('lan1', serverAddress)).toMatch(
      /Destination unreachable: (Unknown code 5|Source address failed)/,
    );
    const error = await errors.first('unreachable');
    expect(error.source).toBe(gatewayAddress(0));
    expect([error.payload[0], error.payload[1]]).toEqual([1, 5]); // RFC 4443 section 3.1
    expect((await counted()).unmapped - before.unmapped).toBe(4);
    await errors.stop();
    expect(await leaked()).toBe(0);
  });

  test('the router itself has its way out all the same', async () => {
    const { source } = await peers.router.ask({ protocol: 'tcp', target: serverAddress, port: 443 });
    expect(source).toMatch(/^2001:db8:a:aa00:/);
  });
});

describe('with a prefix', () => {
  beforeAll(async () => {
    await lab.router.startDhcpcd();
    await waitForMapping(lab, (prefix) => prefix === '2001:db8:a:aa80::/58');
  });

  test("the router's own addresses stay: those of the WAN link, and one within the delegation", async () => {
    const routes = await lab.exec('router', ['ip', '-6', '-o', 'addr', 'show', 'dev', 'eth0', 'scope', 'global']);
    const wan = /inet6 (\S+)\//.exec(routes)![1]!;
    const within = '2001:db8:a:aa81::7'; // beside lan2's outside address
    await lab.exec('router', ['ip', 'addr', 'add', `${within}/128`, 'dev', 'eth0', 'nodad']);
    for (const own of [wan, within]) {
      const out = await peers.router.ask({ protocol: 'tcp', target: serverAddress, port: 443, from: own });
      expect(out.source).toBe(own);
      // Neither translated nor denied: what may come in there is the business of the admin's own firewall.
      expect((await peers.server.ask({ protocol: 'tcp', target: own, port: 443 })).source).toBe(serverAddress);
      expect(await ping('server', own)).toContain(`bytes from ${own}`);
      expect((await peers.lan1.ask({ protocol: 'tcp', target: own, port: 443 })).source).toBe(insideAddress('lan1'));
    }
    expect((await peers.server.ask({ protocol: 'udp', target: outside.lan2, port: 443 })).source).toBe(serverAddress);
    await lab.exec('router', ['ip', 'addr', 'del', `${within}/128`, 'dev', 'eth0']);
  });

  test('a subnet of the delegation that nobody has is answered once, and nothing goes back and forth', async () => {
    const filter = 'icmp6[0] == 128 or icmp6[0] == 1';
    const wan = await startCapture(lab, 'provider', { port: 'wan0', filter });
    for (const target of ['2001:db8:a:aa85::99', '2001:db8:a:aabf::1']) {
      expect(await ping('server', target)).toMatch(/From \S+ icmp_seq=1 Destination unreachable/);
    }
    // What was captured comes through a pipe, perhaps after the answer.
    const seen = () => wan.packets.map(({ payload }) => payload[0]);
    await expect.poll(seen, { timeout: 5000 }).toHaveLength(4);
    await wan.stop();
    expect(seen()).toEqual([128, 1, 128, 1]);
    expect(wan.packets.every(({ source, destination }) => !`${source} ${destination}`.includes('fd12'))).toBe(true);
    expect(await leaked()).toBe(0);
  });

  test('a subnet of the network that nobody has: the sender is told, nothing of it is on the WAN', async () => {
    const wan = await startCapture(lab, 'provider', { port: 'wan0', filter: 'icmp6[0] == 128 or dst net fc00::/7' });
    expect(await ping('lan1', 'fd12:3456:789a:7::1')).toMatch(/From \S+ icmp_seq=1 Destination unreachable/);
    expect(await ping('lan1', serverAddress)).toContain(`bytes from ${serverAddress}`);
    expect(wan.packets.map(({ destination }) => destination)).toEqual([serverAddress]);
    await wan.stop();
  });

  test('no packet to a unique local address goes to the Internet, whatever the network (RFC 4193 4.3)', async () => {
    const seen = await startCapture(lab, 'provider', { port: 'wan0', filter: 'ip6 dst net fc00::/7 or udp port 9999' });
    for (const target of ['fd77::1', 'fd12:3456:789a:ff::1', 'fc00::1']) {
      expect((await lab.shell('lan1').attempt(['ping', '-c', '1', '-W', '1', target])).stdout).toContain('unreachable');
    }
    await peers.lan1.ask({ protocol: 'udp', target: serverAddress, port: 9999, timeout: 100 });
    await seen.first('what comes after', ({ destination }) => destination === serverAddress);
    expect(seen.packets).toHaveLength(1);
    await seen.stop();
  });

  test('from the WAN, inside sources and inside destinations are dropped and counted, a pinhole or not', async () => {
    const hop = 'fe80::ff:fe00:aa01';
    await lab.exec('provider', ['ip', '-6', 'route', 'add', 'fd12:3456:789a::/48', 'via', hop, 'dev', 'brwan']);
    const lan = await startCapture(lab, 'lan2', { port: 'eth0', filter: 'udp', direction: 'in' });
    const before = await counted();
    const send = (source: string, destination: string, from: number) => {
      const ends = { source, destination };
      return buildPacket({ ...ends, next: header.udp, payload: buildDatagram(ends, { from, to: 443 }) });
    };
    await sendRaw(lab, 'provider', [
      send(insideAddress('lan1'), outside.lan2, 1001),
      send(insideAddress('lan1'), insideAddress('lan2'), 1002),
      send('2001:db8:ffff::1', insideAddress('lan2'), 1003),
      send('2001:db8:ffff::1', gatewayAddress(1), 1004),
      send('2001:db8:ffff::1', outside.lan2, 1005),
    ]);
    const arrived = await lan.first('the last one');
    expect(lan.packets).toHaveLength(1);
    expect(arrived.payload.readUInt16BE(0)).toBe(1005);
    expect((await counted()).arriving - before.arriving).toBe(4);
    await lan.stop();
    await lab.exec('provider', ['ip', '-6', 'route', 'del', 'fd12:3456:789a::/48']);
  });

  test('hosts with addresses of another network: nothing leaves with them', async () => {
    await lab.exec('lan1', ['ip', 'addr', 'add', 'fd99::10/64', 'dev', 'eth0', 'nodad']);
    const before = await counted();
    const udp = await peers.lan1.ask({
      protocol: 'udp',
      target: serverAddress,
      port: 443,
      from: 'fd99::10',
      timeout: 200,
    });
    expect(udp.error).toBeDefined();
    expect(await ping('lan1', serverAddress, '-I', 'fd99::10')).toContain('0 received');
    expect((await counted()).leaving - before.leaving).toBe(2);
    expect(await leaked()).toBe(0);
    await lab.exec('lan1', ['ip', 'addr', 'del', 'fd99::10/64', 'dev', 'eth0']);
  });

  describe('packets as no socket makes them', () => {
    const ends = { source: insideAddress('lan1'), destination: serverAddress };

    /** Sends them from lan1, then one datagram that must arrive; returns what came before that at the server. */
    async function sendAndSee(packets: readonly Buffer[]): Promise<{ seen: ReadPacket[]; stopped: number }> {
      // Without what lan1 says of answers to ports that it never opened.
      const filter = '(src net 2001:db8:a:aa80::/58 or src net fc00::/7) and not icmp6';
      const server = await startCapture(lab, 'server', { port: 'eth0', filter, direction: 'in' });
      const before = await counted();
      const last = buildDatagram(ends, { from: 60_000, to: 443 });
      await sendRaw(lab, 'lan1', [...packets, buildPacket({ ...ends, next: header.udp, payload: last })]);
      const isLast = ({ next, payload }: ReadPacket) => next === header.udp && payload.readUInt16BE(0) === 60_000;
      await server.first('the last datagram', isLast);
      await server.stop();
      expect(await leaked()).toBe(0);
      const seen = server.packets.filter((packet) => !isLast(packet));
      expect(seen.every(({ source }) => source === outside.lan1)).toBe(true);
      return { seen, stopped: (await counted()).leaving - before.leaving };
    }

    test('UDP-Lite: translated, or where conntrack calls it invalid (as Linux 6.18 does, right or not) stopped', async () => {
      const next = header.udpLite;
      const lite = (from: number, spoil: boolean) =>
        buildPacket({ ...ends, next, payload: buildDatagram(ends, { from, to: 443, lite: true, spoil }) });
      const { seen, stopped } = await sendAndSee([lite(2001, false), lite(2002, true)]);
      expect(seen.every((packet) => packet.payload.readUInt16BE(0) === 2001 && checksumHolds(packet))).toBe(true);
      expect(seen.length + stopped).toBe(2);
    });

    test('SCTP is translated', async () => {
      const payload = buildSctp({ from: 2003, to: 443 });
      const { seen, stopped } = await sendAndSee([buildPacket({ ...ends, next: header.sctp, payload })]);
      expect(seen.map((packet) => packet.payload)).toEqual([payload]);
      expect(stopped).toBe(0);
    });

    test('SCTP, TCP and UDP with a wrong checksum are stopped', async () => {
      const tcp = buildSegment(ends, { from: 2003, to: 443, flags: 2 });
      tcp.writeUInt16BE(tcp.readUInt16BE(16) ^ 0x5555, 16);
      const { seen, stopped } = await sendAndSee([
        buildPacket({ ...ends, next: header.sctp, payload: buildSctp({ from: 2003, to: 443, spoil: true }) }),
        buildPacket({ ...ends, next: header.tcp, payload: tcp }),
        buildPacket({ ...ends, next: header.udp, payload: buildDatagram(ends, { from: 2003, to: 443, spoil: true }) }),
      ]);
      expect(seen).toEqual([]);
      expect(stopped).toBe(3);
    });

    test('an inside source is stopped on its way to another unique local address too', async () => {
      // Somebody has a route there by the provider's link, so the unreachable route does not stop it.
      await lab.exec('router', ['ip', '-6', 'route', 'add', 'fd77::/64', 'via', 'fe80::1', 'dev', 'eth0']);
      const far = { ...ends, destination: 'fd77::1' };
      const payload = buildDatagram(far, { from: 2013, to: 443, spoil: true });
      const { stopped } = await sendAndSee([buildPacket({ ...far, next: header.udp, payload })]);
      await lab.exec('router', ['ip', '-6', 'route', 'del', 'fd77::/64']);
      expect(stopped).toBe(1);
    });

    test('TCP: nonsense flags and a segment far outside the window of a connection', async () => {
      const flow = await peers.lan1.open({ protocol: 'tcp', target: serverAddress, port: 443, fromPort: 2004 });
      expect((await flow.say()).source).toBe(outside.lan1);
      const segment = (from: number, flags: number, sequence: number) =>
        buildPacket({
          ...ends,
          next: header.tcp,
          payload: buildSegment(ends, { from, to: 443, flags, sequence, acknowledged: 77 }),
        });
      const { stopped } = await sendAndSee([
        segment(2005, 0x3f, 1),
        segment(2006, 0, 1),
        segment(2004, 0x10, 0x7fff_0000),
      ]);
      expect(stopped).toBeGreaterThanOrEqual(2);
      expect((await flow.say()).source).toBe(outside.lan1);
      await flow.close();
    });

    test('fragments in and out of order are translated whole; a lone one never leaves', async () => {
      const whole = (from: number) => ({
        ...ends,
        next: header.udp,
        payload: buildDatagram(ends, { from, to: 443, size: 3000 }),
      });
      const inOrder = fragment(whole(2007), 1024, 7);
      const [a, b, c] = fragment(whole(2008), 1024, 8);
      const [lone] = fragment(whole(2009), 1024, 9);
      const { seen } = await sendAndSee([...inOrder, c!, a!, b!, lone!]);
      const datagrams = new Map<number, Buffer[]>();
      for (const { next, payload } of seen) {
        expect(next).toBe(header.fragment);
        const id = payload.readUInt32BE(4);
        datagrams.set(id, [...(datagrams.get(id) ?? []), payload.subarray(8)]);
      }
      const bodies = [...datagrams.values()].map((parts) => Buffer.concat(parts));
      expect(bodies.map((body) => [body.length, body.readUInt16BE(0)])).toEqual([
        [3008, 2007],
        [3008, 2008],
      ]);
      for (const payload of bodies) {
        const packet = readPacket(
          buildPacket({ source: outside.lan1, destination: serverAddress, next: header.udp, payload }),
        );
        expect(checksumHolds(packet)).toBe(true);
      }
      // And by a real socket there and back.
      expect((await peers.lan1.ask({ protocol: 'udp', target: serverAddress, port: 443, size: 4000 })).source).toBe(
        outside.lan1,
      );
    });

    test('extension headers before the payload stay as they are', async () => {
      const plain = (from: number) => ({ ...ends, next: header.udp, payload: buildDatagram(ends, { from, to: 443 }) });
      const { seen } = await sendAndSee([
        buildPacket(withOptions(plain(2010), header.options)),
        buildPacket(withOptions(plain(2011), header.hopByHop)),
        buildPacket(withOptions(withOptions(plain(2012), header.options), header.hopByHop)),
      ]);
      expect(seen.map(({ next }) => next)).toEqual([header.options, header.hopByHop, header.hopByHop]);
      expect(seen.map(({ payload }) => payload.readUInt16BE(payload.length - 24))).toEqual([2010, 2011, 2012]);
    });
  });
});

test('after all this: nothing with an inside address was ever on the WAN', async () => {
  expect(await leaked()).toBe(0);
  await waitUntil('translated packets', async () => (await lab.provider.counters()).translated > 50, { timeout: 1000 });
});
