import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureHooks, openChangers, openMany, type Changer, type ManyChanger } from './control-path.ts';
import { measurePackets, openLane, type Lane, type Measured } from './data-path.ts';
import type { Effort } from './effort.ts';
import { conntrack, netmap, plain, rfc6296, stateful } from './methods.ts';
import { median, ratio } from './statistics.ts';
import { buildTraffic, type Traffic } from './traffic.ts';

// Ratios of ./bench that should not get worse unnoticed, with margins for machines that do other things as well.

const effort: Effort = { rounds: 9, seconds: 0.1, newFlows: 1000, roundTrips: 100, renewals: 1 };
let directory: string;
let traffic: Traffic;
const lanes: Lane[] = [];
let changers: Changer[] = [];
let many: ManyChanger[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sixbench-'));
  traffic = buildTraffic(directory);
  for (const method of [plain, conntrack, netmap('nft'), stateful, rfc6296]) {
    lanes.push(await openLane(directory, traffic, method, { flows: 1000 }));
  }
  for (const method of [stateful, rfc6296]) {
    lanes.push(await openLane(directory, traffic, method, { flows: 1000, mappings: 1000 }));
  }
  changers = await openChangers(directory);
}, 120_000);
afterAll(async () => {
  for (const { course } of [...lanes, ...changers, ...many]) await course.remove();
  rmSync(directory, { recursive: true, force: true });
});

/** Of packets of the one those of the other, both ways taken together. */
function compare(measured: readonly Measured[], one: Lane, other: Lane): number {
  return median(measured.map((way) => ratio(way.get(one)!, way.get(other)!)));
}

test('a packet of an established flow costs what it did', { timeout: 120_000 }, async () => {
  const measured = [
    await measurePackets(traffic, lanes, 'out', effort),
    await measurePackets(traffic, lanes, 'in', effort),
  ];
  const [forwarded, tracked, script, ours, neutral, oursMany, neutralMany] = lanes as [
    Lane,
    Lane,
    Lane,
    Lane,
    Lane,
    Lane,
    Lane,
  ];
  expect(compare(measured, ours, tracked)).toBeGreaterThan(0.7);
  expect(compare(measured, ours, script)).toBeGreaterThan(0.8);
  expect(compare(measured, neutral, forwarded)).toBeGreaterThan(0.62);
  expect(compare(measured, oursMany, ours)).toBeGreaterThan(0.85);
  expect(compare(measured, neutralMany, neutral)).toBeGreaterThan(0.8);
});

test("from a hook's start to its prefix in force: half of the script's time at most", { timeout: 60_000 }, async () => {
  const [legacy, nft, ours] = (await measureHooks(changers, 9)).map(median) as [number, number, number];
  expect(ours).toBeLessThan(0.6 * legacy);
  expect(ours).toBeLessThan(0.5 * nft);
});

test(
  'one of thousands of mappings changes like one of one, and all of them do in a moment',
  { timeout: 120_000 },
  async () => {
    many = await openMany(directory, [1, 5000]);
    const [single, one, all] = (await measureHooks(many, 5)).map(median) as [number, number, number];
    const [script] = (await measureHooks([changers[1]!], 5, { from: 100 })).map(median) as [number];
    // With sets of intervals it was 20 times and more, and 100 times.
    expect(one).toBeLessThan(3 * single);
    expect(all).toBeLessThan(25 * script);
  },
);
