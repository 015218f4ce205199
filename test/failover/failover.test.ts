import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { startEcho } from '../lab/probes.ts';
import { killed, linkLoss, rebooted, stopped, type Failure } from './failures.ts';
import { measureHowTo } from './how-to.ts';
import { watchIdentities } from './identities.ts';
import { median, summarize } from './measure.ts';
import { Pair } from './pair.ts';
import { runFailOvers } from './run-fail-overs.ts';
import { sharedMac } from './twin.ts';

// SIXGATE_FAILOVERS=3 for a shorter run that prints each figure.
const count = Number(process.env['SIXGATE_FAILOVERS'] ?? 20);

let lab: Lab;
let pair: Pair;
let identities: Awaited<ReturnType<typeof watchIdentities>>;
const rows: string[][] = [
  [
    'the active router',
    'times',
    'noticed',
    'worst',
    'longest outage, median',
    'worst',
    'above notice, median',
    'worst',
  ],
];

beforeAll(async () => {
  lab = await Lab.start({ name: 'failover', secondRouter: 'twin' });
  await startEcho(lab, 'server');
  identities = await watchIdentities(lab);
  pair = await Pair.start(lab);
});
afterAll(async () => {
  await lab?.stop();
  // What stands behind the columns is a remark.
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  const table = lines.map((cells) => cells.join('  ').trimEnd()).join('\n');
  process.stdout.write(`\n${table}\n(milliseconds; of each fail-over the flow that was out longest)\n\n`);
});

const failures: Failure[] = [killed, linkLoss(), stopped, rebooted];

// Once more where it failed: figures in milliseconds, on a machine that may have other things to do.
test.each(failures)('$name', { timeout: 200_000, retry: 1 }, async (failure) => {
  const cells = await runFailOvers(pair, failure, count);
  rows.push([failure.name, ...cells]);
  expect(Number(cells[0])).toBe(count);
});

const identity = `hwaddr type 1 ${sharedMac.replaceAll(':', '')}, IAID 1`;

test('one DHCPv6 identity was on the wire, that of the shared MAC address', async () => {
  expect([...identities.seen.keys()]).toEqual([identity]);
  await lab.stop();
});

test('the same with the DHCPv6 client of sixgate itself', { timeout: 100_000, retry: 1 }, async () => {
  const other = await Lab.start({ name: 'ownclient', secondRouter: 'twin' });
  try {
    await startEcho(other, 'server');
    const { seen } = await watchIdentities(other);
    const twins = await Pair.start(other, { client: 'own' });
    const cells = await runFailOvers(twins, killed, Math.min(count, 6));
    rows.push([`${killed.name}, its own client`, ...cells]);
    expect([...seen.keys()]).toEqual([identity]);
  } finally {
    await other.stop();
  }
});

test('the method of the how-to, beside it', { timeout: 90_000 }, async () => {
  const { events, reports, prefixes, leaked } = await measureHowTo(3);
  const measured = reports.map((report, index) => summarize(report, [events[index]!]));
  const longest = measured.map(({ above }) => above[0]!);
  const newFlows = measured.map(({ byKind }) => byKind.get('udp-new')![0]!);
  const dead = reports.flatMap((report) => Object.values(report).filter(({ outages }) => outages.at(-1)?.open));
  rows.push(
    ['the how-to: reboot, new UDP flows', '3', '0', '0', ...both(newFlows), ...both(newFlows)],
    ['the how-to: reboot, longest outage', '3', '0', '0', ...both(longest), ...both(longest)],
    [`the how-to: ${dead.length} flows dead to the end of 3 runs, ${leaked} packets untranslated`],
  );
  expect(new Set(prefixes).size).toBe(1);
  expect(Math.min(...newFlows)).toBeGreaterThan(500);
  expect(leaked).toBeGreaterThan(0);
});

function both(values: readonly number[]): string[] {
  return [median(values), Math.max(...values)].map((ms) => (ms === Infinity ? 'for ever' : ms.toFixed(0)));
}
