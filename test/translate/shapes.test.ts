import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MappingReport, Report } from '../../src/engine/report.ts';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { serverAddress } from '../lab/nodes.ts';
import { startEcho, startFlows, type RunningFlows } from '../lab/probes.ts';
import { startSaying } from '../lab/saying.ts';
import { siteOf } from '../lab/site.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readReport, startFollowing } from './following.ts';
import { reconfigure } from './reconfigure.ts';
import { startPeers, type Peer, type PeerFlow } from './peers.ts';

// Delegations of other sizes than the network, several of them, and such as nobody may use.

const config = `
uplinks:
  dsl: { interface: eth0, prefix: { from: dhcpcd, length: 60 } }
networks:
  home:
    prefix: fd12:3456:789a::/58
    subnets:
      lan:     { id: 0, interface: eth1 }
      servers: { id: 1, interface: eth2 }
      guests:  { id: 5 }
      cams:    { id: 9 }
      attic:   { id: 33 }
translate:
  - network: home
    uplink: dsl
    allow: [{ to: "lan::10", tcp: [443] }, { to: "servers::10", tcp: [443] }]
`;

let lab: Lab;
let daemon: LabProcess;
let peers: Record<'server' | 'lan1' | 'lan2', Peer>;

beforeAll(async () => {
  lab = await Lab.start({ name: 'shapes', length: 60 });
  [daemon, peers] = await Promise.all([startFollowing(lab, config), startPeers(lab, ['server', 'lan1', 'lan2'])]);
  await Promise.all((['server', 'lan1', 'lan2'] as const).map((node) => peers[node].listen('tcp', 443)));
  await Promise.all([peers.server.listen('udp', 443), startEcho(lab, 'server')]);
}, 30_000);
afterAll(async () => lab?.stop());

const inForce = (direction: MappingReport['direction'] = 'both'): Record<string, string> =>
  Object.fromEntries(
    (readReport(lab)?.mappings ?? [])
      .filter((mapping) => mapping.direction === direction)
      .map(({ subnet, outside }) => [subnet ?? 'all', outside]),
  );

async function readStatus(): Promise<Report> {
  return JSON.parse((await lab.router.sixgate('status', '--json')).stdout) as Report;
}

/** Waits until a prefix that begins like this is in use. */
const untilInUse = (begin: string): Promise<unknown> =>
  waitUntil(`${begin} in use (${daemon.logFile})`, () =>
    Object.values(inForce()).some((text) => text.startsWith(begin)),
  );

/** Who is seen and who is reached, with these outside addresses of lan1 and lan2. */
async function talk(lan1: string, lan2: string): Promise<Record<string, string | undefined>> {
  const ask = async (peer: Peer, target: string) => {
    const { source, error } = await peer.ask({ protocol: 'tcp', target, port: 443 });
    return source ?? error;
  };
  const [out1, out2, in1, in2, hairpin, back] = await Promise.all([
    ask(peers.lan1, serverAddress),
    ask(peers.lan2, serverAddress),
    ask(peers.server, lan1),
    ask(peers.server, lan2),
    ask(peers.lan1, lan2),
    ask(peers.lan2, lan1),
  ]);
  return { out1, out2, in1, in2, hairpin, back };
}

let saying: LabProcess | undefined;

/** Has the provider's server say this, in Kea's place, and the client ask. */
async function say(prefixes: Parameters<typeof startSaying>[1]['prefixes']): Promise<void> {
  await saying?.stop();
  saying = await startSaying(lab, { prefixes });
  lab.router.renew();
}

const allWell = (lan1: string, lan2: string) => ({
  out1: lan1,
  out2: lan2,
  in1: serverAddress,
  in2: serverAddress,
  hairpin: lan1,
  back: lan2,
});

describe('a delegation that is smaller than the network', () => {
  test('/60: every subnet has a /64, those whose ID does not fit in what is left', async () => {
    expect(inForce()).toEqual({
      lan: '2001:db8:a:aa80::/64',
      servers: '2001:db8:a:aa81::/64',
      guests: '2001:db8:a:aa85::/64',
      cams: '2001:db8:a:aa89::/64',
      attic: '2001:db8:a:aa82::/64',
    });
    expect((await readStatus()).problems).toEqual([]);
    const [lan1, lan2] = ['2001:db8:a:aa80::10', '2001:db8:a:aa81::10'];
    expect(await talk(lan1, lan2)).toEqual(allWell(lan1, lan2));
  });

  test('/62: the first four, and status says who goes without and why', async () => {
    await lab.provider.renumber({ site: 2, length: 62 });
    await untilInUse('2001:db8:b:');
    expect(inForce()).toEqual({
      lan: '2001:db8:b:bb80::/64',
      servers: '2001:db8:b:bb81::/64',
      guests: '2001:db8:b:bb82::/64',
      cams: '2001:db8:b:bb83::/64',
    });
    expect((await readStatus()).problems).toMatchObject([
      { code: 'delegation-too-small', message: '2001:db8:b:bb80::/62 on dsl leaves no prefix for attic' },
    ]);
    const [lan1, lan2] = ['2001:db8:b:bb80::10', '2001:db8:b:bb81::10'];
    expect(await talk(lan1, lan2)).toEqual(allWell(lan1, lan2));
  });

  test('/63: the first two', async () => {
    await lab.provider.renumber({ site: 3, length: 63 });
    await untilInUse('2001:db8:c:');
    expect(inForce()).toEqual({ lan: '2001:db8:c:cc80::/64', servers: '2001:db8:c:cc81::/64' });
    expect((await readStatus()).problems.map(({ message }) => message)).toEqual([
      '2001:db8:c:cc80::/63 on dsl leaves no prefix for guests, cams, attic',
    ]);
    const [lan1, lan2] = ['2001:db8:c:cc80::10', '2001:db8:c:cc81::10'];
    expect(await talk(lan1, lan2)).toEqual(allWell(lan1, lan2));
  });

  test('/64: the first alone; the other is told at once, and nothing of it leaves', async () => {
    await lab.provider.resetCounters();
    await lab.provider.renumber({ site: 4, length: 64 });
    await untilInUse('2001:db8:d:');
    expect(inForce()).toEqual({ lan: '2001:db8:d:dd80::/64' });
    expect((await readStatus()).problems.map(({ message }) => message)).toEqual([
      '2001:db8:d:dd80::/64 on dsl leaves no prefix for servers, guests, cams, attic',
    ]);
    const refused = await peers.lan2.ask({ protocol: 'udp', target: serverAddress, port: 443 });
    expect(refused.error).toBe('EACCES');
    expect(refused.ms).toBeLessThan(100);
    const lan1 = '2001:db8:d:dd80::10';
    expect(await peers.lan1.ask({ protocol: 'tcp', target: serverAddress, port: 443 })).toMatchObject({ source: lan1 });
    expect((await peers.server.ask({ protocol: 'tcp', target: lan1, port: 443 })).source).toBe(serverAddress);
    expect((await lab.provider.counters()).inside).toBe(0);
  });
});

test("a larger delegation: its first prefix of the network's size; the rest is unreachable", async () => {
  await lab.provider.renumber({ site: 5, length: 57 });
  await untilInUse('2001:db8:e:');
  expect(inForce()).toEqual({ all: '2001:db8:e:ee80::/58' });
  const { uplinks, problems } = await readStatus();
  expect(uplinks[0]?.delegations.map(({ prefix }) => prefix)).toEqual(['2001:db8:e:ee80::/57']);
  expect(problems).toEqual([]);
  const [lan1, lan2] = ['2001:db8:e:ee80::10', '2001:db8:e:ee81::10'];
  expect(await talk(lan1, lan2)).toEqual(allWell(lan1, lan2));
  // dhcpcd makes such a route too, other clients do not.
  await lab.exec('router', ['ip', '-6', 'route', 'flush', 'proto', 'dhcp', 'type', 'unreachable']);
  for (const target of ['2001:db8:e:ee85::1', '2001:db8:e:eec0::1']) {
    const { stdout } = await lab.shell('server').attempt(['ping', '-6', '-n', '-c', '1', '-W', '1', target]);
    expect(stdout).toMatch(/From \S+ icmp_seq=1 Destination unreachable/);
  }
});

describe('the part of it that the configuration names', () => {
  const second = config.replace('uplink: dsl\n', 'uplink: dsl\n    subprefix: 1\n');

  test('is the one in force, both ways, and trace tells of it', async () => {
    await reconfigure(lab, daemon, second);
    expect(inForce()).toEqual({ all: '2001:db8:e:eec0::/58' });
    const [lan1, lan2] = ['2001:db8:e:eec0::10', '2001:db8:e:eec1::10'];
    expect(await talk(lan1, lan2)).toEqual(allWell(lan1, lan2));
    expect((await lab.router.sixgate('trace', 'fd12:3456:789a:1::10')).stdout).toContain(lan2);
  });

  test('while the delegation has no such part nothing is mapped, nothing leaks, and status says why; and then it is back', async () => {
    await lab.provider.resetCounters();
    await lab.provider.renumber({ site: 9, length: 60 });
    await waitUntil('no mapping', () => readReport(lab)?.mappings.length === 0);
    expect((await readStatus()).problems).toMatchObject([
      {
        code: 'subprefix-missing',
        message: expect.stringMatching(/::\/60 on dsl has one part of \/58, .* home wants part 1/) as unknown,
      },
    ]);
    expect((await peers.lan1.ask({ protocol: 'udp', target: serverAddress, port: 443 })).error).toBe('EACCES');
    expect((await lab.provider.counters()).inside).toBe(0);
    await lab.provider.renumber({ site: 5, length: 57 });
    await untilInUse('2001:db8:e:');
    expect(inForce()).toEqual({ all: '2001:db8:e:eec0::/58' });
    await reconfigure(lab, daemon, config);
    expect(inForce()).toEqual({ all: '2001:db8:e:ee80::/58' });
  });
});

test('the size changes in its place, and back: the subnets that move are reached at both until the old one ends', async () => {
  const large = { prefix: '2001:db8:e:ee80::/57', preferred: 1800, valid: 3600 };
  const small = { ...large, prefix: '2001:db8:e:ee80::/60' };
  await say([large]);
  await say([small, { ...large, preferred: 0 }]);
  await waitUntil('the smaller one', () => inForce()['lan'] === '2001:db8:e:ee80::/64');
  expect(inForce()).toMatchObject({ servers: '2001:db8:e:ee81::/64', attic: '2001:db8:e:ee82::/64' });
  expect(inForce('inbound')).toEqual({ attic: '2001:db8:e:eea1::/64' });
  const [lan1, lan2] = ['2001:db8:e:ee80::10', '2001:db8:e:ee81::10'];
  expect(await talk(lan1, lan2)).toEqual(allWell(lan1, lan2));
  await say([large, { ...small, preferred: 0, valid: 0 }]);
  await waitUntil('the larger one', () => inForce()['all'] === '2001:db8:e:ee80::/58');
  expect(inForce('inbound')).toEqual({});
  expect(await talk(lan1, lan2)).toEqual(allWell(lan1, lan2));
});

test('delegations that nobody may use are refused and told; the guard holds', async () => {
  const refused = ['fd99:0:0:80::/58', 'fd12:3456:789a::/58', 'fd12:3456::/32', '64:ff9b:1:80::/58'];
  await lab.provider.resetCounters();
  const said = refused.map((prefix) => ({ prefix, preferred: 1800, valid: 3600 }));
  await say([...said, { prefix: '2001:db8:e:ee80::/57', preferred: 0, valid: 0 }]);
  await waitUntil('the end of the old mapping', () => readReport(lab)?.mappings.length === 0);
  for (const prefix of refused) {
    expect(daemon.log()).toMatch(new RegExp(`${prefix}, (delegated on eth0, is not used|which lies across)`));
  }
  const codes = (await readStatus()).problems.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['delegation-missing', 'delegation-refused']));
  expect((await peers.lan1.ask({ protocol: 'udp', target: serverAddress, port: 443 })).error).toBe('EACCES');
  expect((await lab.provider.counters()).inside).toBe(0);
});

describe('two delegations at once', () => {
  const [a, b, c] = [6, 7, 8].map((number) => siteOf(number).poolAddress.slice(0, -3)) as [string, string, string];
  const whole = (base: string): string => `${base}0::/58`;
  let echo: RunningFlows;
  let flows: Record<'tcp' | 'udp' | 'inbound', PeerFlow>;

  test('new flows take the first; both serve what comes in, and the hairpin', async () => {
    await lab.provider.renumber({ site: 6, delegate: false });
    await lab.provider.renumber({ site: 7, delegate: false, old: 'valid' });
    await say([
      { prefix: whole(a), preferred: 1800, valid: 3600 },
      { prefix: whole(b), preferred: 1800, valid: 3600 },
    ]);
    await untilInUse(a);
    expect([inForce(), inForce('inbound')]).toEqual([{ all: whole(a) }, { all: whole(b) }]);
    expect(await talk(`${a}0::10`, `${a}1::10`)).toEqual(allWell(`${a}0::10`, `${a}1::10`));
    expect(await talk(`${b}0::10`, `${b}1::10`)).toEqual(allWell(`${a}0::10`, `${a}1::10`));
  });

  test('a third takes over: flows of the first go on with it, new ones take the new one, pinholes serve both', async () => {
    flows = {
      tcp: await peers.lan1.open({ protocol: 'tcp', target: serverAddress, port: 443 }),
      udp: await peers.lan1.open({ protocol: 'udp', target: serverAddress, port: 443 }),
      inbound: await peers.server.open({ protocol: 'tcp', target: `${a}1::10`, port: 443 }),
    };
    const sources = async () => {
      const answers = await Promise.all([flows.tcp.say(), flows.udp.say(), flows.inbound.say()]);
      return answers.map(({ source, error }) => source ?? error);
    };
    const before = await sources();
    expect(before).toEqual([`${a}0::10`, `${a}0::10`, serverAddress]);
    await lab.provider.renumber({ site: 8, delegate: false, old: 'valid' });
    await say([
      { prefix: whole(c), preferred: 1800, valid: 3600 },
      { prefix: whole(b), preferred: 0, valid: 0 },
      { prefix: whole(a), preferred: 0, valid: 5 },
    ]);
    await untilInUse(c);
    expect([inForce(), inForce('inbound')]).toEqual([{ all: whole(c) }, { all: whole(a) }]);
    echo = await startFlows(lab, 'lan2', { flows: ['udp-long', 'tcp-long', 'icmp-long'] });
    expect(await sources()).toEqual(before);
    expect(await talk(`${c}0::10`, `${c}1::10`)).toEqual(allWell(`${c}0::10`, `${c}1::10`));
    expect(await talk(`${a}0::10`, `${a}1::10`)).toEqual(allWell(`${c}0::10`, `${c}1::10`));
  });

  test('when the valid lifetime of the first ends, exactly its flows end: those of the new one lose nothing', async () => {
    await waitUntil('the end of the old one', () => readReport(lab)?.mappings.length === 1, { timeout: 8000 });
    expect(inForce()).toEqual({ all: whole(c) });
    await waitUntil('the end of its flows', async () => {
      const tracked = await lab.exec('router', ['conntrack', '-L', '-f', 'ipv6']);
      return !tracked.includes(`=${a}`);
    });
    expect((await flows.udp.say()).source).toBe(`${c}0::10`);
    expect((await flows.tcp.say()).error).toBe('ECONNRESET');
    expect((await flows.inbound.say({ timeout: 300 })).error).toBeDefined();
    expect((await peers.server.ask({ protocol: 'tcp', target: `${a}1::10`, port: 443, timeout: 300 })).error).toBe(
      'silent',
    );
    const report = await echo.stop();
    for (const kind of ['udp-long', 'tcp-long', 'icmp-long'] as const) {
      expect(report[kind].answered).toBeGreaterThan(100);
      expect(report[kind].lost).toBe(0);
    }
    for (const kind of ['udp-long', 'tcp-long'] as const) {
      expect(report[kind].sources.map(({ address }) => address)).toEqual([`${c}1::10`]);
    }
    expect(report['tcp-long'].connections).toBe(1);
    expect((await lab.provider.counters()).inside).toBe(0);
  }, 15_000);
});
