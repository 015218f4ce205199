import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askSource, startEcho, startFlows } from '../lab/probes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readReport } from '../translate/following.ts';
import { countLeaks, noLeaks, quickHealth, startTwoUplinks, waitForUplink, type TwoUplinks } from './two-uplinks.ts';

// The LAN has the prefix of the fiber itself; only the mobile line translates.

const own = '2001:db8:a:aa80::';
const source = (iaid: number): string => `prefix: { from: dhcpv6, length: 58, iaid: ${iaid}, firstOffer: true }`;
const config = `
uplinks:
  fiber: { interface: eth0, ${source(1)}, ${quickHealth} }
  lte: { interface: eth3, ${source(2)}, ${quickHealth} }
networks:
  home:
    prefix: ${own}/58
    subnets: { lan: { id: 0, interface: eth1 } }
translate:
  - { network: home, uplink: fiber, mode: none, allow: [{ to: "lan::10", tcp: [7777], udp: [7777] }] }
  - { network: home, uplink: lte, allow: [{ to: "lan::10", tcp: [7777], udp: [7777] }] }
`;

let up: TwoUplinks;
beforeAll(async () => {
  up = await startTwoUplinks({ config });
  const { lab } = up;
  await lab.exec('router', ['ip', '-6', 'addr', 'add', `${own}1/64`, 'dev', 'eth1', 'nodad']);
  for (const [host, iid] of [
    ['lan1', '10'],
    ['lan1b', '11'],
  ] as const) {
    const lines = `addr flush dev eth0 scope global\naddr add ${own}${iid}/64 dev eth0 nodad\nroute replace default via ${own}1\n`;
    await lab.exec(host, ['ip', '-6', '-batch', '-'], { input: lines });
  }
  await Promise.all([startEcho(lab, 'server'), startEcho(lab, 'lan1'), startEcho(lab, 'lan1b')]);
  await waitForUplink(lab, 'fiber');
}, 60_000);
afterAll(async () => up?.lab.stop());

const ask = async () => (await askSource(up.lab, 'lan1')).source;
const reach = async (target: string) => {
  const flows = await startFlows(up.lab, 'server', { target, flows: ['udp-new', 'tcp-new'] });
  await sleep(300);
  const report = await flows.stop();
  return { udp: report['udp-new'].answered > 5, tcp: report['tcp-new'].answered > 5 };
};

test('out of its own uplink as it is, both ways, and only to pinholes', async () => {
  expect(await ask()).toBe(`${own}10`);
  expect(readReport(up.lab)!.mappings).toMatchObject([
    { uplink: 'fiber', inside: `${own}/58`, outside: `${own}/58`, direction: 'both' },
    { uplink: 'lte', inside: `${own}/58`, outside: '2001:db8:6e:4e80::/58', direction: 'both' },
  ]);
  expect(await reach(`${own}10`)).toEqual({ udp: true, tcp: true });
  expect(await reach(`${own}11`)).toEqual({ udp: false, tcp: false });
  expect(await reach('2001:db8:6e:4e80::10')).toEqual({ udp: true, tcp: true });
  const { stdout } = await up.lab.router.sixgate('trace', `${own}10`);
  expect(stdout).toContain(`is fiber's own: it leaves by eth0 as it is; new flows leave here: fiber comes first`);
  expect((await up.lab.router.sixgate('plan')).stdout).toContain('nothing to do');
  expect(await countLeaks(up)).toEqual(noLeaks);
});

test('out of the other one only translated, and back without moving a flow', async () => {
  const before = await startFlows(up.lab, 'lan1', { flows: ['udp-long'] });
  await sleep(300);
  await up.fiber.cutOff(true);
  await waitForUplink(up.lab, 'lte');
  expect(await ask()).toBe('2001:db8:6e:4e80::10');
  await sleep(300);
  expect((await before.stop())['udp-long'].outages.every(({ open }) => !open)).toBe(true);
  const flows = await startFlows(up.lab, 'lan1', { flows: ['udp-long', 'tcp-long'] });
  await sleep(300);
  await up.fiber.cutOff(false);
  await waitForUplink(up.lab, 'fiber');
  expect(await ask()).toBe(`${own}10`);
  await sleep(300);
  const stayed = await flows.stop();
  expect({ udp: stayed['udp-long'].lost, tcp: stayed['tcp-long'].connections }).toEqual({ udp: 0, tcp: 1 });
  expect(await countLeaks(up)).toEqual(noLeaks);
});

test('a flush of the whole ruleset: nothing untranslated on the other one, and its own goes on', async () => {
  const flows = await startFlows(up.lab, 'lan1', { flows: ['udp-new', 'udp-long'] });
  await sleep(300);
  await up.lab.exec('router', ['nft', 'flush ruleset']);
  await sleep(1000);
  const report = await flows.stop();
  expect(report['udp-long'].lost).toBeLessThan(10);
  expect(await countLeaks(up)).toEqual(noLeaks);
});

test('when its uplink gets another prefix it leaves there no longer', async () => {
  await up.fiber.renumber({ site: 2 });
  await waitForUplink(up.lab, 'lte');
  await waitUntil('the problem', () => readReport(up.lab)!.problems.some(({ code }) => code === 'delegation-missing'));
  expect(await ask()).toBe('2001:db8:6e:4e80::10');
  expect((await up.lab.router.sixgate('plan')).stdout).toContain('nothing to do');
  const counters = await countLeaks(up);
  expect(counters).toMatchObject({ 'inside on fiber': 0, 'inside on lte': 0, 'wrong on lte': 0 });
});
