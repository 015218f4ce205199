import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askSource, startEcho, startFlows } from '../lab/probes.ts';
import { isOfSite, siteOf } from '../lab/site.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readReport, startGuarded } from '../translate/following.ts';
import {
  chosenUplink,
  countLeaks,
  noLeaks,
  startTwoUplinks,
  strangers,
  twoUplinksConfig,
  waitForUplink,
  type TwoUplinks,
} from './two-uplinks.ts';

let up: TwoUplinks;
beforeAll(async () => {
  up = await startTwoUplinks();
  await startEcho(up.lab, 'server');
  await waitForUplink(up.lab, 'fiber');
}, 60_000);
afterAll(async () => up?.lab.stop());

async function killAndStart(): Promise<void> {
  process.kill(readReport(up.lab)!.daemon.pid, 'SIGKILL');
  await sleep(300);
  await startGuarded(up.lab, twoUplinksConfig());
}

describe('the daemon is killed and started again', () => {
  const states = [
    ['both are up', 'fiber', async () => {}],
    ['one is silent', 'lte', () => up.fiber.cutOff(true)],
    ['one has no cable', 'lte', () => up.fiber.plug(false)],
  ] as const;
  test.each(states)('while %s: new flows go on by %s, and no flow is lost', async (_, name, fail) => {
    await fail();
    await waitForUplink(up.lab, name);
    const flows = await startFlows(up.lab, 'lan1', { flows: ['udp-long', 'udp-new', 'tcp-long', 'icmp-long'] });
    await sleep(300);
    const seen = new Set<string | null | undefined>();
    const watching = setInterval(() => seen.add(chosenUplink(up.lab)), 5);
    await killAndStart();
    await sleep(1000);
    clearInterval(watching);
    const report = await flows.stop();
    expect([...seen].filter((each) => each !== undefined)).toEqual([name]);
    for (const kind of ['udp-long', 'udp-new', 'tcp-long', 'icmp-long'] as const) {
      expect({ kind, lost: report[kind].lost }).toEqual({ kind, lost: 0 });
    }
    expect((await up.lab.router.sixgate('plan')).stdout).toContain('nothing to do');
    await up.fiber.cutOff(false);
    await up.fiber.plug(true);
    await waitForUplink(up.lab, 'fiber');
    expect(await countLeaks(up)).toEqual(noLeaks);
  });
});

test('a line that flaps moves nothing back until it has answered for a while', async () => {
  const changes = new Map<string, number>();
  let last: string | null | undefined;
  const look = (): void => {
    const now = chosenUplink(up.lab);
    if (now && now !== last) changes.set(now, (changes.get(now) ?? 0) + 1);
    last = now ?? last;
  };
  const watching = setInterval(look, 5);
  for (let count = 0; count < 4; count++) {
    await up.fiber.plug(false);
    await sleep(700);
    await up.fiber.plug(true);
    await sleep(1500);
  }
  await waitForUplink(up.lab, 'fiber');
  look(); // the timer may not have seen it yet
  clearInterval(watching);
  expect(changes.get('lte')).toBe(1);
  expect(changes.get('fiber')).toBe(2);
  expect(await countLeaks(up)).toEqual(noLeaks);
});

test('one lost round is nothing', async () => {
  const { since } = readReport(up.lab)!.uplinks[0]!.health!;
  await up.fiber.cutOff(true);
  await sleep(1100);
  await up.fiber.cutOff(false);
  await sleep(2500);
  expect(readReport(up.lab)!.uplinks[0]!.health).toMatchObject({ state: 'up', since });
});

test('both prefixes change while the uplinks do: nothing leaves with the wrong one', async () => {
  const flows = await startFlows(up.lab, 'lan1', { flows: ['udp-long', 'udp-new', 'icmp-long', 'tcp-new'] });
  await up.fiber.cutOff(true);
  await waitForUplink(up.lab, 'lte');
  await up.lte.renumber({ site: 102 });
  const mapped = (site: number) => () =>
    readReport(up.lab)!.mappings.some(
      ({ outside, direction }) => direction === 'both' && isOfSite(siteOf(site), outside),
    );
  await waitUntil('the new prefix of lte', mapped(102));
  expect(isOfSite(siteOf(102), (await askSource(up.lab, 'lan1')).source!)).toBe(true);
  await up.fiber.renumber({ site: 2 });
  await up.fiber.cutOff(false);
  await waitUntil('the new prefix of fiber', mapped(2));
  await waitForUplink(up.lab, 'fiber');
  expect(isOfSite(siteOf(2), (await askSource(up.lab, 'lan1')).source!)).toBe(true);
  await up.lte.renumber({ site: 103 });
  await waitUntil('the next prefix of lte', mapped(103));
  await up.fiber.plug(false);
  await waitForUplink(up.lab, 'lte');
  await sleep(500);
  const report = await flows.stop();
  for (const kind of ['udp-long', 'udp-new', 'icmp-long', 'tcp-new'] as const) {
    expect({ kind, open: report[kind].outages.some(({ open }) => open) }).toEqual({ kind, open: false });
  }
  // What a provider has taken back counts as wrong there until the router hears of it; never is it on the other cable.
  expect(await strangers(up)).toEqual({ fiber: 0, lte: 0 });
  expect(await countLeaks(up)).toMatchObject({ 'inside on fiber': 0, 'inside on lte': 0 });
});
