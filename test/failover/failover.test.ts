import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { flowKinds } from '../lab/probe/job.ts';
import { startEcho, startFlows } from '../lab/probes.ts';
import { killed, linkLoss, rebooted, stopped, type Failure } from './failures.ts';
import { watchIdentities } from './identities.ts';
import { measureHowTo } from './how-to.ts';
import { median, summarize, type Event } from './measure.ts';
import { Pair } from './pair.ts';
import { sharedMac } from './twin.ts';

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
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(`\n${table.join('\n')}\n(milliseconds; of each fail-over the flow that was out longest)\n\n`);
});

const failures: Failure[] = [killed, linkLoss(), stopped, rebooted];

test.each(failures)('$name', { timeout: 150_000 }, async (failure) => {
  await lab.provider.resetCounters();
  const flows = await startFlows(lab, 'lan1');
  await sleep(300);
  const events: Event[] = [];
  for (let done = 0; done < count; done++) {
    const event = await pair.failOver((twin) => failure.fail(pair, twin));
    events.push(event);
    await sleep(700); // TCP's timers
    await failure.mend(pair, event.from);
    await pair.settled();
  }
  await sleep(300);
  const reports = await flows.stop();
  const { cells, byKind, above } = summarize(reports, events);
  rows.push([failure.name, String(count), ...cells.map((ms) => ms.toFixed(0))]);
  if (process.env['SIXGATE_FAILOVERS']) {
    for (const [kind, outages] of byKind)
      process.stdout.write(`${kind}: ${outages.map((ms) => ms.toFixed(0)).join(' ')}\n`);
    process.stdout.write(
      `noticed: ${events.map(({ detected }) => detected.toFixed(0)).join(' ')}\nabove: ${above.map((ms) => ms.toFixed(0)).join(' ')}\n`,
    );
  }

  for (const kind of flowKinds)
    expect(
      reports[kind].outages.filter(({ open }) => open),
      kind,
    ).toEqual([]);
  // The same prefix every time, and the long flows go on: one connection, one address.
  const source = '2001:db8:a:aa80::10';
  for (const kind of ['udp-long', 'udp-new', 'tcp-long', 'tcp-new'] as const) {
    expect(
      reports[kind].sources.map(({ address }) => address),
      kind,
    ).toEqual([source]);
  }
  expect(reports['tcp-long'].connections).toBe(1);
  expect(await lab.provider.counters()).toMatchObject({ inside: 0, wrong: 0 });
  expect(Math.max(...above)).toBeLessThanOrEqual(200);
});

test('one DHCPv6 identity was on the wire, that of the shared MAC address', () => {
  const hex = sharedMac.replaceAll(':', '');
  expect([...identities.seen.keys()]).toEqual([`hwaddr type 1 ${hex}, IAID 1`]);
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
