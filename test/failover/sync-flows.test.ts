import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { startEcho, startFlows } from '../lab/probes.ts';
import { rebooted } from './failures.ts';
import { outagesOf } from './measure.ts';
import { startOutsideFed } from './outside-fed.ts';
import { Pair } from './pair.ts';

/** The active router loses power under a flow that only the outside feeds, and under one that the inside feeds. */
async function failOverUnder(syncFlows: boolean): Promise<{ fed: number; own: number; connections: number }> {
  const lab = await Lab.start({ name: 'sync', secondRouter: 'twin' });
  try {
    await startEcho(lab, 'server');
    const pair = await Pair.start(lab, { syncFlows });
    const flows = await startFlows(lab, 'lan1', { flows: ['udp-long', 'tcp-long'] });
    const { arrivals } = await startOutsideFed(lab);
    await sleep(1000);
    const event = await pair.failOver((twin) => rebooted.fail(pair, twin));
    await sleep(2000);
    const reports = await flows.stop();
    const next = arrivals.find((at) => at > event.at + event.detected) ?? Infinity;
    expect((await lab.provider.counters()).inside).toBe(0);
    return {
      fed: next - event.at,
      own: outagesOf(reports['udp-long'], [event])[0]!,
      connections: reports['tcp-long'].connections,
    };
  } finally {
    await lab.stop();
  }
}

test('a flow that only the outside feeds goes on with conntrackd and not without; others do either way', async () => {
  const without = await failOverUnder(false);
  const synced = await failOverUnder(true);
  const show = ({ fed, own }: typeof synced) => `fed from outside ${fed.toFixed(0)}, from inside ${own.toFixed(0)}`;
  process.stdout.write(`\nout for (ms) without conntrackd: ${show(without)}; with it: ${show(synced)}\n`);
  expect(without).toMatchObject({ fed: Infinity, connections: 1 });
  expect(synced.connections).toBe(1);
  expect(synced.fed).toBeLessThan(2000);
  expect(Math.max(without.own, synced.own)).toBeLessThan(2000);
});
