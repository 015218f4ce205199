import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { flowKinds } from '../lab/probe/job.ts';
import { startFlows } from '../lab/probes.ts';
import { createBusyMeter } from './busy.ts';
import type { Failure } from './failures.ts';
import { median, summarize, type Event } from './measure.ts';
import type { Pair } from './pair.ts';

/** In percent of two processors, of which a fail-over by itself takes 50 to 75 in its second. */
const tooBusy = 85;

/** What every host of the lab's first LAN leaves with when it is lan1, as long as the prefix is the first one. */
const source = '2001:db8:a:aa80::10';

/**
 * So many fail-overs one after the other under one set of flows, and what has to hold for all of them: the same prefix, long
 * flows that go on, nothing untranslated, one active router after each, and an outage of at most 200 ms beyond the time
 * that keepalived needs to notice, as far as the machine has time for it. Returns the figures for the table.
 */
export async function runFailOvers(pair: Pair, failure: Failure, count: number): Promise<string[]> {
  const { lab } = pair;
  await pair.recover();
  await lab.provider.resetCounters();
  const flows = await startFlows(lab, 'lan1');
  await sleep(300);
  const events: Event[] = [];
  const busy = createBusyMeter();
  const loads: number[] = [];
  for (let done = 0; done < count; done++) {
    busy();
    const event = await pair.failOver((twin) => failure.fail(pair, twin));
    events.push(event);
    await sleep(700); // TCP's timers
    loads.push(busy() * 100);
    await failure.mend(pair, event.from);
    await pair.settled();
  }
  await sleep(300);
  const reports = await flows.stop();
  const { cells, byKind, above } = summarize(reports, events);
  if (process.env['SIXGATE_FAILOVERS']) {
    const shown = [
      ...byKind,
      ['noticed', events.map(({ detected }) => detected)] as const,
      ['above', above] as const,
      ['busy', loads] as const,
    ];
    for (const [what, values] of shown) {
      process.stdout.write(`${what}: ${values.map((ms) => ms.toFixed(0)).join(' ')}\n`);
    }
  }

  for (const kind of flowKinds) expect(reports[kind].outages.at(-1)?.open ?? false, kind).toBe(false);
  for (const kind of ['udp-long', 'udp-new', 'tcp-long', 'tcp-new'] as const) {
    const sources = reports[kind].sources.map(({ address }) => address);
    expect(sources, kind).toEqual([source]);
  }
  expect(reports['tcp-long'].connections).toBe(1);
  expect(await lab.provider.counters()).toMatchObject({ inside: 0, wrong: 0 });
  // While something else takes all of the processors, what is late is its doing.
  const undisturbed = above.filter((_, index) => loads[index]! < tooBusy);
  // One in ten is left to what the meter does not see: the kernel's locks, which every namespace of the machine shares.
  const late = undisturbed.filter((ms) => ms > 200);
  expect(late.length, `late: ${late.join(' ')}`).toBeLessThanOrEqual(Math.max(1, Math.floor(count / 10)));
  if (undisturbed.length > count / 2) expect(median(above)).toBeLessThanOrEqual(200);
  const disturbed = count - undisturbed.length;
  const note = disturbed > 0 ? [`(${disturbed} of them while the machine had no time left)`] : [];
  return [String(count), ...cells.map((ms) => ms.toFixed(0)), ...note];
}
