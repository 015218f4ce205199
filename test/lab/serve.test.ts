import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Status } from '../../src/engine/status.ts';
import { EventReader } from '../server/event-reader.ts';
import { RunningServer } from '../server/running-server.ts';
import { configText, currentPrefix, readReport, startFollowing, startGuarded } from '../translate/following.ts';
import { Lab } from './lab.ts';

let lab: Lab;
let server: RunningServer;
beforeEach(async () => {
  lab = await Lab.start({ name: 'serve' });
  server = await RunningServer.start(undefined, lab.router.shell.directory);
});
afterEach(async () => {
  await server.stop();
  await lab.stop();
});

/** The next status for which this holds. */
async function waitForStatus(events: EventReader, test: (status: Status) => boolean): Promise<Status> {
  for (;;) {
    const next = await events.next();
    if (!next) throw new Error('the stream ended');
    if (next.event === 'status' && test(next.data as unknown as Status)) return next.data as unknown as Status;
  }
}
const outsideOf = ({ mappings }: Status) => mappings.find(({ direction }) => direction === 'both')?.outside;
const metric = async (sample: string) => {
  const lines = (await (await server.ask('/metrics')).text()).split('\n');
  return Number(lines.find((line) => line.startsWith(`${sample} `))?.slice(sample.length));
};

test('a prefix that comes, changes, a daemon that is killed and comes back: all is told at once', async () => {
  const events = await EventReader.open(`${server.url}/api/events`);
  expect(await events.next()).toMatchObject({ event: 'gone', data: { daemon: null } });
  await startFollowing(lab);
  const first = await waitForStatus(events, (status) => outsideOf(status) !== undefined);
  expect(first.uplinks[0]!.delegations[0]).toMatchObject({ prefix: '2001:db8:a:aa80::/58', current: true });

  const before = await metric('sixgate_changes_total');
  const waiting = waitForStatus(events, (status) => outsideOf(status)?.startsWith('2001:db8:b:') === true);
  await lab.provider.renumber({ site: 2, old: 'dead' });
  const second = await waiting;
  // The report is written after the change is in force; a person at the page sees it within a blink.
  expect(Date.now() - Date.parse(second.activity.lastChange!.at)).toBeLessThan(1500);
  expect(second.history.map(({ prefix }) => prefix)).toContain('2001:db8:a:aa80::/58');
  expect(second.inForce).toBe(true);
  expect(await metric('sixgate_changes_total')).toBeGreaterThan(before);
  expect(await metric('sixgate_apply_duration_seconds_count')).toBeGreaterThan(0);

  const printed = JSON.parse((await lab.router.sixgate('trace', 'servers::10', '--json')).stdout) as object;
  expect(await (await server.ask('/api/trace?address=servers::10')).json()).toEqual(printed);
  const outside = currentPrefix(lab)!.replace(/80::\/58$/, '81::10');
  const back = JSON.parse((await lab.router.sixgate('trace', outside, '--json')).stdout) as object;
  expect(await (await server.ask(`/api/trace?address=${outside}`)).json()).toEqual(back);

  process.kill(readReport(lab)!.daemon.pid, 'SIGKILL');
  let gone = await events.next();
  while (gone?.event !== 'gone') gone = await events.next();
  expect(gone.data).toMatchObject({ daemon: { state: 'stopped' } });
  expect(await metric('sixgate_up')).toBe(0);
  await startGuarded(lab);
  await waitForStatus(events, ({ daemon }) => daemon.state === 'running');
  expect(await metric('sixgate_up')).toBe(1);
  events.close();
});

test('what the guard stops is counted without any change; a daemon that hangs is told', async () => {
  const daemon = await startGuarded(lab, configText(), { umask: '077' }); // as the unit has it
  // Nothing is delegated, so an inside host reaches nobody.
  await lab.exec('lan1', ['ping', '-c', '3', '-i', '0.2', '-W', '1', '2001:db8:ffff::80']).catch(() => {});
  await expect
    .poll(() => metric('sixgate_dropped_packets_total{reason="unmapped"}'), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(3);
  const { written } = readReport(lab)!;
  await expect.poll(() => readReport(lab)!.written, { timeout: 20_000 }).not.toBe(written);
  daemon.signal('SIGSTOP');
  await sleep(32_000);
  expect(await (await server.ask('/api/status')).json()).toMatchObject({ daemon: { alive: true, state: 'silent' } });
  expect(await metric('sixgate_up')).toBe(0);
  daemon.signal('SIGCONT');
  await expect.poll(() => metric('sixgate_up'), { timeout: 20_000 }).toBe(1);
}, 150_000);
