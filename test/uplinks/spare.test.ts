import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { echoPort } from '../lab/nodes.ts';
import { askSource, startEcho, startFlows } from '../lab/probes.ts';
import { isOfSite, siteOf } from '../lab/site.ts';
import { readReport } from '../translate/following.ts';
import { countLeaks, noLeaks, startTwoUplinks, strangers, waitForUplink, type TwoUplinks } from './two-uplinks.ts';

// What comes in by the uplink that new flows do not leave by.

const lan1 = { fiber: '2001:db8:a:aa80::10', lte: '2001:db8:6e:4e80::10' } as const;

let up: TwoUplinks;
beforeAll(async () => {
  up = await startTwoUplinks();
  // Somebody else marks connections and packets too.
  await up.lab.exec('router', ['nft', '-f', '-'], { input: foreignMarks });
  await Promise.all([startEcho(up.lab, 'server'), startEcho(up.lab, 'lan1')]);
  await waitForUplink(up.lab, 'fiber');
}, 60_000);
afterAll(async () => up?.lab.stop());

const foreignMarks = `table inet foreign {
  counter marked { }
  chain before { type filter hook prerouting priority -160; ct mark set ct mark or 0xa5; meta mark set 0x5a0000; }
  chain after { type filter hook forward priority 0; meta mark and 0xff0000 == 0x5a0000 ct mark and 0xff == 0xa5 counter name marked; }
}
`;

const translated = async () => {
  const [fiber, lte] = await Promise.all([up.fiber.counters(), up.lte.counters()]);
  return { fiber: fiber.translated, lte: lte.translated };
};

test.each(['lte', 'fiber'] as const)(
  'UDP, TCP and ping to the address by %s are answered by the same way',
  async (name) => {
    const before = await translated();
    const flows = await startFlows(up.lab, 'server', {
      target: lan1[name],
      flows: ['udp-long', 'udp-new', 'tcp-long', 'tcp-new', 'icmp-long'],
    });
    await sleep(1000);
    const report = await flows.stop();
    for (const kind of ['udp-long', 'udp-new', 'tcp-long', 'tcp-new', 'icmp-long'] as const) {
      expect({ kind, lost: report[kind].lost, many: report[kind].sent > 5 }).toEqual({ kind, lost: 0, many: true });
    }
    const after = await translated();
    const other = name === 'lte' ? 'fiber' : 'lte';
    expect(after[name] - before[name]).toBeGreaterThan(100);
    expect(after[other] - before[other]).toBeLessThan(20);
    expect(await countLeaks(up)).toEqual(noLeaks);
  },
);

test('other bits of connection and packet marks stay as they are', async () => {
  expect((await askSource(up.lab, 'lan1')).source).toSatisfy((source: string) => isOfSite(siteOf(1), source));
  const listed = await up.lab.exec('router', ['conntrack', '-L', '-f', 'ipv6', '-p', 'udp']);
  const marks = [...listed.matchAll(/dport=7777 .*mark=(\d+)/g)].map(([, mark]) => Number(mark).toString(16));
  expect(new Set(marks)).toEqual(new Set(['10000a5', '20000a5']));
  const counted = await up.lab.exec('router', ['nft', 'list', 'counters', 'table', 'inet', 'foreign']);
  expect(Number(/packets (\d+)/.exec(counted)![1])).toBeGreaterThan(100);
});

test("the router's own addresses leave by their uplink, and answer by it", async () => {
  for (const [device, site] of [
    ['eth0', 1],
    ['eth3', 101],
  ] as const) {
    const text = await up.lab.exec('router', ['ip', '-6', '-o', 'addr', 'show', 'dev', device, 'scope', 'global']);
    const address = /inet6 ([^/]+)/.exec(text)![1]!;
    expect(isOfSite(siteOf(site), address)).toBe(true);
    await up.lab.exec('router', ['ping', '-6', '-c', '2', '-i', '0.1', '-W', '1', '-I', address, '2001:db8:ffff::80']);
    await up.lab.exec('server', ['ping', '-6', '-c', '2', '-i', '0.1', '-W', '1', address]);
  }
  expect(await countLeaks(up)).toEqual(noLeaks);
});

test('what this router itself says of a flow goes back by the way of the flow', async () => {
  for (const name of ['lte', 'fiber'] as const) {
    // Two hops: the edge of the provider, and this router.
    const argv = ['ping', '-6', '-n', '-c', '1', '-W', '1', '-t', '2', lan1[name]];
    expect((await up.lab.shell('server').attempt(argv)).stdout).toContain('Time exceeded: Hop limit');
  }
  expect(await strangers(up)).toEqual({ fiber: 0, lte: 0 });
  expect(await countLeaks(up)).toEqual(noLeaks);
});

test('a program that insists on the wrong way is stopped, counted and told apart', async () => {
  const text = await up.lab.exec('router', ['ip', '-6', '-o', 'addr', 'show', 'dev', 'eth3', 'scope', 'global']);
  const address = /inet6 ([^/]+)/.exec(text)![1]!;
  // Bound to the device, so that no rule of routing helps.
  const argv = ['ping', '-6', '-c', '3', '-i', '0.1', '-W', '1', '-I', 'eth0', '-I', address, '2001:db8:ffff::80'];
  expect((await up.lab.shell('router').attempt(argv)).code).not.toBe(0);
  const { stdout } = await up.lab.router.sixgate('status', '--json');
  expect((JSON.parse(stdout) as { guard: { astray: number } }).guard.astray).toBe(3);
  expect(await countLeaks(up)).toEqual(noLeaks);
});

test('flows on the spare one are not touched when the other one fails, and those of the failed one are', async () => {
  const spare = await startFlows(up.lab, 'server', { target: lan1.lte, flows: ['udp-long', 'tcp-long'] });
  const main = await startFlows(up.lab, 'server', { target: lan1.fiber, flows: ['udp-long'] });
  await sleep(500);
  const moved = readReport(up.lab)!.activity.flowsMoved;
  await up.fiber.plug(false);
  await waitForUplink(up.lab, 'lte');
  await sleep(500);
  const listed = await up.lab.exec('router', ['conntrack', '-L', '-f', 'ipv6', '--mark', '0x01000000/0x0f000000']);
  expect(listed).not.toContain(`dport=${echoPort}`);
  const [stayed] = await Promise.all([spare.stop(), main.stop()]);
  for (const kind of ['udp-long', 'tcp-long'] as const)
    expect({ kind, lost: stayed[kind].lost }).toEqual({ kind, lost: 0 });
  expect(stayed['tcp-long'].connections).toBe(1);
  expect(readReport(up.lab)!.activity.flowsMoved).toBeGreaterThan(moved);
  await up.fiber.plug(true);
  await waitForUplink(up.lab, 'fiber');
  expect(await countLeaks(up)).toEqual(noLeaks);
});
