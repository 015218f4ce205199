import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { shortenUdpTimeout, startEcho, startFlows, startStream } from '../lab/probes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import {
  configText,
  currentPrefix,
  inside,
  readReport,
  startFollowing,
  startGuarded,
  waitForMapping,
} from './following.ts';

// Nothing with an inside source may be seen on the WAN: counted by the provider's edge, off the cable.

let lab: Lab;
afterEach(async () => lab.stop());

const leaked = async (): Promise<number> => (await lab.provider.counters()).inside;

test('the counter counts: without the daemon, packets of inside hosts are on the WAN', async () => {
  lab = await Lab.start({ name: 'leaks' });
  const stream = await startStream(lab, 'lan1', { rate: 1000 });
  await expect.poll(leaked).toBeGreaterThan(100);
  await stream.stop();
});

test('before the first lease: nothing; flows that began before the daemon are moved when the mapping comes', async () => {
  lab = await Lab.start({ name: 'leaks' });
  await startEcho(lab, 'server');
  const conntrack = 'table inet admin { chain f { type filter hook forward priority 0; ct state invalid drop; }; }';
  await lab.exec('router', ['nft', conntrack]); // so that these flows are tracked, as behind any firewall
  const flows = await startFlows(lab, 'lan1', { flows: ['udp-long', 'icmp-long'] });
  await waitUntil('untranslated packets on the WAN', async () => (await leaked()) > 20);

  await startGuarded(lab);
  await lab.provider.resetCounters();
  await sleep(500);
  expect(await leaked()).toBe(0);
  await lab.router.startDhcpcd();
  await waitForMapping(lab, (prefix) => prefix === '2001:db8:a:aa80::/58');
  await sleep(500);
  const report = await flows.stop();
  expect(await leaked()).toBe(0);
  expect(report['udp-long'].sources.map(({ address }) => address)).toEqual(['2001:db8:a:aa80::10']);
  expect(report['udp-long'].outages.at(-1)).toMatchObject({ open: false });
  expect(report['icmp-long'].outages.at(-1)).toMatchObject({ open: false });
});

describe('with a mapping, under a stream of new flows', () => {
  async function underStream(work: () => Promise<void>): Promise<number> {
    lab = await Lab.start({ name: 'leaks', times: { valid: 7200, preferred: 3600, renew: 1800, rebind: 2880 } });
    await startFollowing(lab);
    await shortenUdpTimeout(lab, 'router', 2);
    const stream = await startStream(lab, 'lan1', { ports: 50_000 });
    await waitUntil('translated packets', async () => (await lab.provider.counters()).translated > 1000);
    await work();
    await sleep(100);
    const { sent } = await stream.stop();
    expect(sent).toBeGreaterThan(5000);
    return leaked();
  }

  test('somebody flushes the ruleset: nothing leaks, and it is put right within 100 ms', async () => {
    const repaired: number[] = [];
    const count = await underStream(async () => {
      for (let round = 0; round < 5; round++) {
        await lab.exec('router', ['nft', 'flush ruleset']);
        const at = performance.now();
        await waitUntil(
          'the repair',
          async () => (await lab.exec('router', ['nft', 'list', 'tables'])).includes('table ip6 sixgate\n'),
          { interval: 1 },
        );
        repaired.push(performance.now() - at);
        await sleep(200);
      }
    });
    expect(count).toBe(0);
    expect(repaired.toSorted((one, other) => one - other)[2]).toBeLessThan(100); // the median: machines are noisy
    expect(readReport(lab)!.activity.repairs).toBeGreaterThanOrEqual(5);
    expect(currentPrefix(lab)).toBe('2001:db8:a:aa80::/58');
  });

  test('flushes at any moment, also while a repair is under way: it converges, and nothing leaks', async () => {
    const count = await underStream(async () => {
      const tables = () => lab.exec('router', ['nft', 'list', 'tables']);
      const repaired = async (): Promise<boolean> => (await tables()).includes('table ip6 sixgate\n');
      const flush = () => lab.exec('router', ['nft', 'flush ruleset']);
      for (let round = 0; round < 30; round++) {
        await flush();
        await waitUntil('the repair', repaired, { timeout: 2000, interval: 1 });
        await sleep(round % 15); // into the look that follows a repair
        await flush();
        await waitUntil('the second repair', repaired, { timeout: 2000, interval: 5 });
      }
      expect((await lab.router.sixgate('plan')).code).toBe(0);
    });
    expect(count).toBe(0);
  });

  test('somebody deletes single parts of it', async () => {
    const count = await underStream(async () => {
      for (const command of [
        'delete table ip6 sixgate',
        'delete table inet sixgate_guard',
        'flush chain inet sixgate_guard leave',
        'flush map ip6 sixgate out_dsl',
        'insert rule ip6 sixgate postrouting accept',
      ]) {
        await lab.exec('router', ['nft', command]);
        await sleep(150);
        expect((await lab.router.sixgate('plan')).code, command).toBe(0);
      }
    });
    expect(count).toBe(0);
  });

  test('the daemon is killed, then somebody deletes the mapping: the guard that stays holds', async () => {
    const count = await underStream(async () => {
      process.kill(readReport(lab)!.daemon.pid, 'SIGKILL');
      await sleep(200);
      await lab.exec('router', ['nft', 'delete table ip6 sixgate']);
      await sleep(300);
    });
    expect(count).toBe(0);
  });

  test('the configuration is read again with another network: the guard of the old one stands until the new one does', async () => {
    const count = await underStream(async () => {
      const { writeFileSync } = await import('node:fs');
      writeFileSync(`${lab.router.shell.directory}/config.yaml`, configText({ translation: 'hairpin: false' }));
      process.kill(readReport(lab)!.daemon.pid, 'SIGHUP');
      await waitUntil(
        'the new rules',
        async () => !(await lab.exec('router', ['nft', 'list', 'table', 'ip6', 'sixgate'])).includes('hairpin'),
      );
      await sleep(100);
    });
    expect(count).toBe(0);
  });
});

test('at expiry: the mapping is withdrawn when the valid lifetime ends, the guard stays, and senders are told', async () => {
  lab = await Lab.start({ name: 'leaks', times: { valid: 4, preferred: 3, renew: 2, rebind: 3 } });
  await startEcho(lab, 'server');
  await startFollowing(lab);
  const flows = await startFlows(lab, 'lan1', { flows: ['udp-long', 'udp-new', 'icmp-long'] });
  await lab.provider.mute(true);
  const silent = performance.now();
  await waitForMapping(lab, (prefix) => prefix === undefined);
  const withdrawn = performance.now() - silent;
  expect(withdrawn).toBeLessThan(4500);
  const { translated } = await lab.provider.counters();
  await sleep(500);
  expect((await lab.provider.counters()).translated).toBe(translated);
  const { stdout } = await lab.router.sixgate('status', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ mappings: [], problems: [{ code: 'delegation-missing' }] });
  expect((JSON.parse(stdout) as { guard: Record<string, number> }).guard['unmapped']).toBeGreaterThan(10);
  expect(await lab.exec('router', ['ip', '-6', 'route', 'show', 'proto', '66'])).toContain(`unreachable ${inside}`);

  await lab.provider.mute(false);
  await waitForMapping(lab, (prefix) => prefix !== undefined, 15_000);
  await sleep(300);
  const report = await flows.stop();
  for (const flow of ['udp-long', 'udp-new', 'icmp-long'] as const) {
    expect(report[flow].outages.at(-1), flow).toMatchObject({ open: false });
  }
  expect(await leaked()).toBe(0);
});
