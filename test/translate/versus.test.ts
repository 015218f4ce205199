import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { shortenUdpTimeout, startEcho, startFlows, startStream } from '../lab/probes.ts';
import { siteOf } from '../lab/site.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { startWireClock } from '../lab/wire-clock.ts';
import { readReport, startFollowing } from './following.ts';

// The same changes for two routers in turn, in one run: ours, and one with the method to beat (test/lab/baseline-hook.sh).

const changes = 50;
const changesTheirs = 20;
const block = 5;
const times = { valid: 7200, preferred: 3600, renew: 1800, rebind: 2880 };

let ours: Lab;
let theirs: Lab;
const rows: string[][] = [['what', 'the script', 'sixgate']];

beforeAll(async () => {
  ours = await Lab.start({ name: 'ours', times });
  theirs = await Lab.start({ name: 'theirs', times });
  await startFollowing(ours);
  await theirs.router.startBaseline();
  await theirs.router.waitForBaseline('2001:db8:a:aa80::/58');
  for (const lab of [ours, theirs]) {
    await startEcho(lab, 'server');
    await shortenUdpTimeout(lab, 'router', 2);
  }
});
afterAll(async () => {
  await ours?.stop();
  await theirs?.stop();
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(`\n${table.join('\n')}\n\n`);
});

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
const format = (value: number): string => value.toFixed(1);

interface Measured {
  leaked: number;
  /** REPLY on the wire to the first packet with the new source, in milliseconds. */
  readonly inForce: number[];
  /** The provider's change to the first packet with the new source. */
  readonly sinceChange: number[];
}

/** `count` changes of the prefix under a stream of new flows. */
async function change(lab: Lab, from: number, count: number, measured: Measured, renew: boolean): Promise<void> {
  await lab.provider.resetCounters();
  const stream = await startStream(lab, 'lan1', { ports: 50_000 });
  for (let site = from; site < from + count; site++) {
    const clock = await startWireClock(lab, { site: siteOf(site) });
    const { at } = await lab.provider.renumber({ site });
    if (renew) lab.router.renew(); // nothing else would make it ask before T1
    const { ms, inForceAt } = await clock.untilInForce();
    measured.inForce.push(ms);
    measured.sinceChange.push(inForceAt - at);
    await sleep(200);
  }
  await stream.stop();
  measured.leaked += (await lab.provider.counters()).inside;
}

test(`${changes} prefix changes under 20,000 new flows a second`, { timeout: 240_000 }, async () => {
  const us: Measured = { leaked: 0, inForce: [], sinceChange: [] };
  const them: Measured = { leaked: 0, inForce: [], sinceChange: [] };
  for (let done = 0; done < changes; done += block) {
    await change(ours, 2 + done, block, us, false);
    if (done < changesTheirs) await change(theirs, 2 + done, block, them, true);
  }
  rows.push(
    [
      'untranslated packets on the WAN, per change',
      format(them.leaked / them.inForce.length),
      format(us.leaked / us.inForce.length),
    ],
    ['REPLY on the wire -> in force, median ms', format(median(them.inForce)), format(median(us.inForce))],
    ['the same, longest ms', format(Math.max(...them.inForce)), format(Math.max(...us.inForce))],
    ['ratio of the medians', '1', (median(us.inForce) / median(them.inForce)).toFixed(2)],
    ['renumbered without notice -> new flows work, median ms', 'not before T1', format(median(us.sinceChange))],
  );
  expect(us.inForce).toHaveLength(changes);
  expect(us.leaked).toBe(0);
  expect(them.leaked).toBeGreaterThan(0);
  expect(median(us.inForce)).toBeLessThanOrEqual(0.5 * median(them.inForce));
  expect(median(us.sinceChange)).toBeLessThanOrEqual(300);
});

test('long flows after a change', async () => {
  const results: string[][] = [];
  for (const lab of [ours, theirs]) {
    const flows = await startFlows(lab, 'lan1', { flows: ['udp-long', 'tcp-long', 'icmp-long'] });
    await sleep(500);
    const site = siteOf(101);
    const clock = await startWireClock(lab, { site, packets: 'udp dst port 7777 or tcp or icmp6' });
    await lab.provider.renumber({ site: 101 });
    if (lab === theirs) lab.router.renew();
    // The script's long flows never leave with the new prefix, so only ours can be timed on the wire.
    const inForce = lab === ours ? (await clock.untilInForce()).inForceAt : undefined;
    await sleep(3000);
    await clock.stop();
    const report = await flows.stop();
    const lost = (['udp-long', 'icmp-long', 'tcp-long'] as const).map((kind) => {
      const outage = report[kind].outages.at(-1);
      if (!outage) return '0 ms';
      if (lab === ours) {
        expect(outage, kind).toMatchObject({ open: false });
        expect(outage.start + outage.ms - inForce!, `${kind} after the mapping`).toBeLessThanOrEqual(
          kind === 'tcp-long' ? 2500 : 200,
        );
      }
      return outage.open ? 'dead to the end of the run' : `${outage.ms.toFixed(0)} ms`;
    });
    results.push(lost);
    if (lab === theirs) expect(lost.slice(0, 2)).toEqual(['dead to the end of the run', 'dead to the end of the run']);
  }
  const [us = [], them = []] = results;
  rows.push(
    ['long UDP flow after a change, outage', them[0]!, us[0]!],
    ['long ICMP flow after a change, outage', them[1]!, us[1]!],
    ['long TCP flow after a change, outage', them[2]!, us[2]!],
  );
  expect(readReport(ours)!.activity.flowsMoved).toBeGreaterThan(0);
});

test('renewals with the same prefix', async () => {
  const results: number[] = [];
  for (const lab of [ours, theirs]) {
    const flows = await startFlows(lab, 'lan1', { flows: ['udp-new'], interval: 5 });
    await sleep(500);
    for (let count = 0; count < 20; count++) {
      lab.router.renew();
      await sleep(200);
    }
    results.push((await flows.stop())['udp-new'].lost);
  }
  rows.push(['new flows lost over 20 renewals with the same prefix', String(results[1]), String(results[0])]);
  expect(results[0]).toBe(0);
  expect(results[1]).toBeGreaterThan(0);
});

test('somebody flushes all rules', async () => {
  const healed: number[] = [];
  let leaked = 0;
  const stream = await startStream(ours, 'lan1', { ports: 50_000 });
  await ours.provider.resetCounters();
  for (let count = 0; count < 10; count++) {
    await ours.exec('router', ['nft', 'flush ruleset']);
    const start = performance.now();
    await waitUntil(
      'the repair',
      async () => (await ours.exec('router', ['nft', 'list', 'tables'])).includes('table ip6 sixgate\n'),
      { interval: 1 },
    );
    healed.push(performance.now() - start);
    await sleep(150);
  }
  await stream.stop();
  leaked = (await ours.provider.counters()).inside;

  await theirs.exec('router', ['nft', 'flush ruleset']);
  theirs.router.renew();
  await sleep(500);
  await theirs.provider.resetCounters();
  const theirStream = await startStream(theirs, 'lan1', { rate: 1000 });
  await sleep(500);
  const { sent } = await theirStream.stop();
  const { inside } = await theirs.provider.counters();
  rows.push(
    ['all rules flushed -> healed, median ms', 'not by the next renewal', format(median(healed))],
    ['untranslated packets meanwhile', `all (${inside} of ${sent})`, String(leaked)],
  );
  expect(leaked).toBe(0);
  expect(median(healed)).toBeLessThan(100);
  expect(inside).toBeGreaterThan(0);
});
