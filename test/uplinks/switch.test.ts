import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askSource, startEcho, startFlows } from '../lab/probes.ts';
import { isOfSite, siteOf } from '../lab/site.ts';
import { readReport } from '../translate/following.ts';
import { countLeaks, noLeaks, startTwoUplinks, waitForUplink, type TwoUplinks } from './two-uplinks.ts';

let up: TwoUplinks;
beforeAll(async () => {
  up = await startTwoUplinks();
  await startEcho(up.lab, 'server');
}, 60_000);
afterAll(async () => up?.lab.stop());

/** Whose prefix a new flow from lan1 has. */
async function seenFrom(): Promise<string | undefined> {
  const { source, error } = await askSource(up.lab, 'lan1');
  if (source === undefined) return error;
  return isOfSite(siteOf(1), source) ? 'fiber' : 'lte';
}

test('both work at first, the preferred one is taken', async () => {
  await waitForUplink(up.lab, 'fiber');
  expect(await seenFrom()).toBe('fiber');
  expect((await up.lab.router.sixgate('plan')).stdout).toContain('nothing to do');
});

describe.each([
  ['the cable is pulled', (gone: boolean) => up.fiber.plug(!gone), 'eth0 has no carrier'],
  ['the Internet does not answer any longer', (gone: boolean) => up.fiber.cutOff(gone), 'no answer from'],
])('%s', (_, fail, why) => {
  test('new flows leave by the other one, old ones start anew there, and the way back moves none', async () => {
    const flows = await startFlows(up.lab, 'lan1', { flows: ['udp-long', 'udp-new', 'tcp-new', 'icmp-long'] });
    await sleep(500);
    await fail(true);
    await waitForUplink(up.lab, 'lte');
    expect(await seenFrom()).toBe('lte');
    expect(readReport(up.lab)!.uplinks[0]!.health).toMatchObject({
      state: 'down',
      why: expect.stringMatching(why) as string,
    });
    await sleep(500);
    const moved = await flows.stop();
    for (const kind of ['udp-long', 'icmp-long', 'udp-new', 'tcp-new'] as const) {
      expect({ kind, open: moved[kind].outages.some(({ open }) => open) }).toEqual({ kind, open: false });
    }
    // What lives on lte now stays there when fiber comes back.
    const staying = await startFlows(up.lab, 'lan1', { flows: ['udp-long', 'tcp-long', 'icmp-long'] });
    await sleep(500);
    await fail(false);
    await waitForUplink(up.lab, 'fiber');
    expect(await seenFrom()).toBe('fiber');
    await sleep(500);
    const stayed = await staying.stop();
    for (const kind of ['udp-long', 'tcp-long', 'icmp-long'] as const) {
      expect({ kind, lost: stayed[kind].lost }).toEqual({ kind, lost: 0 });
    }
    expect(stayed['tcp-long'].connections).toBe(1);
    expect(stayed['udp-long'].sources.every(({ address }) => !isOfSite(siteOf(1), address))).toBe(true);
    expect(await countLeaks(up)).toEqual(noLeaks);
  });
});
