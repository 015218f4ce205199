import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/engine/report.ts';
import { Lab } from '../lab/lab.ts';
import { flowKinds } from '../lab/probe/job.ts';
import { startEcho, startFlows } from '../lab/probes.ts';
import { siteOf } from '../lab/site.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { Pair } from './pair.ts';

let lab: Lab;
let pair: Pair;

beforeAll(async () => {
  lab = await Lab.start({ name: 'twins', secondRouter: 'twin' });
  await startEcho(lab, 'server');
  pair = await Pair.start(lab);
});
afterAll(() => lab?.stop());

/** Packets that came off the cable of a router's port, whatever they are. */
async function spoken(name: 'router' | 'router2'): Promise<number> {
  const port = name === 'router' ? 'wan0' : 'wan1';
  return Number(await lab.exec('provider', ['cat', `/sys/class/net/${port}/statistics/rx_packets`]));
}

test('the passive one says nothing to the provider, hears it, keeps the guard and maps nothing', async () => {
  const passive = pair.other(pair.active);
  const before = await spoken(passive.name);
  const flows = await startFlows(lab, 'lan1');
  await sleep(2000);
  await flows.stop();
  expect(await spoken(passive.name)).toBe(before);
  expect(await spoken(pair.active.name)).toBeGreaterThan(100);

  expect(passive.report()).toMatchObject({ failover: { state: 'passive' }, mappings: [], problems: [] });
  expect(passive.report()!.daemon.guardHeld).toBe(true);
  const { shell } = passive.router;
  expect(await shell.exec(['ip', '-6', 'route', 'show', 'default'])).toMatch(/via fe80::1 dev wan0 proto ra/);
  expect(await shell.exec(['nft', 'list', 'tables'])).toContain('inet sixgate_guard');
  const plan = await passive.router.sixgate('plan');
  expect(plan).toMatchObject({ code: 0 });
  const status = await passive.router.sixgate('status');
  expect(status).toMatchObject({ code: 0 });
  expect(status.stdout).toMatch(/^fail-over {2}passive: it keeps the guard and waits, since /m);
});

test('doctor compares what both would send; the passive one is in order', async () => {
  const [one, two] = pair.twins;
  const status = async (twin: typeof one) => {
    const file = `${lab.directory}/${twin.name}.json`;
    writeFileSync(file, (await twin.router.sixgate('status', '--json')).stdout);
    return file;
  };
  const [first, second] = [await status(one), await status(two)];
  const here = await one.router.sixgate('doctor', '--peer', second);
  expect(here.stdout).toContain('the DUID of dsl is 00:03:00:01:02:00:00:00:aa:01 on both');
  expect(here.stdout).toContain('the length asked for of dsl is 58 on both');
  expect(here.code).toBe(0);
  expect(await one.router.sixgate('doctor', '--peer', first, second)).toMatchObject({ code: 0 });

  // A twin as dhcpcd would make it by itself, with a configuration of its own.
  const other = JSON.parse(readFileSync(second, 'utf8')) as Report;
  const strange = { ...other.identity!.uplinks[0]!, mac: '02:00:00:00:aa:02', duid: null };
  writeFileSync(second, JSON.stringify({ ...other, identity: { config: 'another', uplinks: [strange] } }));
  const differs = await one.router.sixgate('doctor', '--json', '--peer', second);
  expect(differs.code).toBe(3);
  const { checks } = JSON.parse(differs.stdout) as { checks: { id: string; result: string }[] };
  expect(checks.filter(({ result }) => result !== 'ok').map(({ id, result }) => `${id} ${result}`)).toEqual([
    'peer:mac:dsl problem',
    'peer:duid:dsl warning',
    'peer:config problem',
  ]);

  const passive = pair.other(pair.active);
  const doctor = await passive.router.sixgate('doctor', '--json');
  const found = (JSON.parse(doctor.stdout) as { checks: { id: string; result: string }[] }).checks;
  expect(found.find(({ id }) => id === 'fail-over')).toMatchObject({ result: 'ok' });
  for (const id of ['dhcp-client:wan0', 'delegation:dsl', 'address:lan']) {
    expect(
      found.find((each) => each.id === id),
      id,
    ).toMatchObject({ result: 'ok' });
  }
});

test('a daemon that is killed and started again is still the active one, and no flow notices', async () => {
  const { active } = pair;
  const { since } = active.report()!.failover!;
  const flows = await startFlows(lab, 'lan1');
  await sleep(300);
  active.daemon.signal('SIGKILL');
  await active.daemon.exited;
  active.startDaemon();
  await active.waitFor('active');
  await sleep(500);
  const reports = await flows.stop();
  for (const kind of flowKinds) expect(reports[kind].outages, kind).toEqual([]);
  expect(Math.abs(Date.parse(active.report()!.failover!.since!) - Date.parse(since!))).toBeLessThan(50);
});

test('a split: both are active while they cannot hear each other, and one of them when they can again', async () => {
  await lab.provider.resetCounters();
  const flows = await startFlows(lab, 'lan1');
  await sleep(300);
  const isolate = async (how: 'on' | 'off') => {
    for (const port of ['r01', 'r11', 'r02', 'r12']) await lab.exec('switch', ['bridge', 'link', 'set', 'dev', port, 'isolated', how]); // prettier-ignore
  };
  await isolate('on');
  await waitUntil('both to be active', async () => (await pair.held()).speaks.length === 2);
  await sleep(500);
  await isolate('off');
  await pair.settled();
  const healed = performance.timeOrigin + performance.now();
  await sleep(1500);
  expect((await pair.held()).speaks).toHaveLength(1);
  for (const twin of pair.twins) await twin.waitFor(twin === pair.active ? 'active' : 'passive');
  const reports = await flows.stop();
  for (const kind of flowKinds) {
    const last = reports[kind].outages.at(-1);
    expect(last?.open ?? false, kind).toBe(false);
    if (last) expect(last.start + last.ms, kind).toBeLessThan(healed + 1300);
  }
  expect(reports['tcp-long'].connections).toBe(1);
  expect((await lab.provider.counters()).inside).toBe(0);
});

test('only a child of keepalived is killed: it comes back as the passive one or stays active, never both', async () => {
  const { active } = pair;
  active.killVrrp();
  await sleep(1000);
  await pair.settled();
  const { gateway, speaks } = await pair.held();
  expect(gateway).toEqual(speaks);
  for (const twin of pair.twins) await twin.waitFor(twin === pair.active ? 'active' : 'passive');
});

test('one whose interface went, and that has heard no router since, asks for one when it takes over', async () => {
  const { shell } = pair.other(pair.active).router;
  await shell.exec(['ip', 'link', 'del', 'wan0']);
  const flows = await startFlows(lab, 'lan1', { flows: ['udp-new', 'tcp-long'] });
  await sleep(300);
  const { from, to } = await pair.failOver((twin) => twin.stopKeepalived());
  const hasWayOut = async () => (await shell.exec(['ip', '-6', 'route', 'show', 'default'])).includes('dev wan0');
  await waitUntil('a way out', hasWayOut);
  await sleep(1500);
  const reports = await flows.stop();
  expect(reports['udp-new'].outages.at(-1)?.open ?? false).toBe(false);
  expect(reports['tcp-long'].connections).toBe(1);
  expect((await to.router.sixgate('status')).code).toBe(0);
  await from.startKeepalived();
  await pair.ready(from);
});

test(
  'renumbered while it was passive: what it knew is corrected as soon as the client answers',
  { timeout: 60_000 },
  async () => {
    const first = pair.active;
    // The other one has been active and knows the prefix of then.
    await pair.failOver((twin) => twin.stopKeepalived());
    await first.startKeepalived();
    await pair.ready(first);
    await lab.provider.renumber({ site: 2 });
    await waitUntil('the new prefix', () => pair.active.report()?.mappings[0]?.outside.startsWith('2001:db8:b:'));
    const flows = await startFlows(lab, 'lan1', { flows: ['udp-new', 'udp-long'] });
    await sleep(300);
    const { at } = await pair.failOver((twin) => twin.stopKeepalived());
    await sleep(1500);
    const reports = await flows.stop();
    expect(pair.active.report()!.mappings.map(({ outside }) => outside)).toContain('2001:db8:b:bb80::/58');
    for (const kind of ['udp-new', 'udp-long'] as const) {
      const [first] = reports[kind].outages.filter(({ start }) => start > at - 50);
      expect(first?.open ?? false, kind).toBe(false);
      if (first) expect(first.start + first.ms - at, kind).toBeLessThan(1500);
    }
    const { inside } = await lab.provider.counters();
    expect(inside).toBe(0);
    expect(lab.provider.site).toEqual(siteOf(2));
  },
);
