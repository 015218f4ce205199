import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEcho, startFlows } from '../lab/probes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { countLeaks, noLeaks, startTwoUplinks, strangers, waitForUplink, type TwoUplinks } from './two-uplinks.ts';

// How long flows are out, and what hooks hear. Health is asked every second; see `quickHealth`.

const rounds = 5;

let up: TwoUplinks;
let heard: string;

beforeAll(async () => {
  up = await startTwoUplinks();
  const { directory } = up.lab.router.shell;
  heard = join(directory, 'heard');
  mkdirSync(join(directory, 'hooks.d'), { recursive: true });
  const hook = join(directory, 'hooks.d', '10-hear');
  writeFileSync(
    hook,
    `#!/bin/sh\necho "$SIXGATE_EVENT $SIXGATE_NETWORK $SIXGATE_UPLINK $SIXGATE_OLD_UPLINK: $SIXGATE_WHY" >> ${heard}\n`,
  );
  chmodSync(hook, 0o755);
  await startEcho(up.lab, 'server');
  await waitForUplink(up.lab, 'fiber');
}, 60_000);
afterAll(async () => up?.lab.stop());

const median = (figures: readonly number[]): number =>
  figures.toSorted((one, other) => one - other)[figures.length >> 1]!;

interface Outages {
  readonly fail: { readonly new: number; readonly long: number };
  readonly back: { readonly new: number; readonly long: number };
}

async function measure(fail: (gone: boolean) => Promise<void>): Promise<Outages> {
  const longest = async (work: () => Promise<unknown>) => {
    const flows = await startFlows(up.lab, 'lan1', { flows: ['udp-new', 'udp-long'] });
    await sleep(300);
    await work();
    await sleep(500);
    const report = await flows.stop();
    const of = (kind: 'udp-new' | 'udp-long') => Math.max(0, ...report[kind].outages.map(({ ms }) => ms));
    return { new: of('udp-new'), long: of('udp-long') };
  };
  const gone = await longest(async () => {
    await fail(true);
    await waitForUplink(up.lab, 'lte');
  });
  const back = await longest(async () => {
    await fail(false);
    await waitForUplink(up.lab, 'fiber');
  });
  return { fail: gone, back };
}

test.each([
  ['cable pulled', (gone: boolean) => up.fiber.plug(!gone), 1000],
  ['Internet silent', (gone: boolean) => up.fiber.cutOff(gone), 6000],
])('%s', { timeout: 180_000 }, async (what, fail, most) => {
  const all: Outages[] = [];
  for (let round = 0; round < rounds; round++) all.push(await measure(fail));
  const figures = {
    'new flows out': median(all.map((one) => one.fail.new)),
    'long flow out': median(all.map((one) => one.fail.long)),
    'new flows out on the way back': median(all.map((one) => one.back.new)),
    'long flow out on the way back': median(all.map((one) => one.back.long)),
  };
  console.log(`${what}, medians of ${rounds} in ms: ${JSON.stringify(figures)}`);
  expect(figures['new flows out']).toBeLessThan(most);
  expect(figures['long flow out']).toBeLessThan(most);
  expect(figures['new flows out on the way back']).toBeLessThan(50);
  expect(figures['long flow out on the way back']).toBeLessThan(50);
  expect(await strangers(up)).toEqual({ fiber: 0, lte: 0 });
  expect(await countLeaks(up)).toEqual(noLeaks);
});

test('hooks heard of all of it', async () => {
  const lines = () => (existsSync(heard) ? readFileSync(heard, 'utf8').split('\n') : []);
  const ways = () => lines().filter((line) => line.startsWith('way-changed'));
  await waitUntil('the last change', () => ways().at(-1) === 'way-changed home fiber lte: fiber comes first');
  const seen = new Set(lines());
  expect(seen).toContain('uplink-unreached  fiber : eth0 has no carrier');
  expect(seen).toContain('uplink-unreached  fiber : no answer from 2001:db8:ffff::80');
  expect(seen).toContain('uplink-reached  fiber : 2001:db8:ffff::80 answers');
  expect(seen).toContain('way-changed home lte fiber: fiber is down (eth0 has no carrier)');
  expect(lines().filter((line) => line.startsWith('way-changed home lte fiber')).length).toBe(2 * rounds);
});
