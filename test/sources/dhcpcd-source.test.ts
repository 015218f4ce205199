import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { startGeneratedDhcpcd, startSourcesOnLab, type SourceOnLab } from './source-on-lab.ts';

let lab: Lab | undefined;
let sources: SourceOnLab | undefined;

afterEach(async () => {
  await sources?.stop();
  await lab?.stop();
  sources = undefined;
  lab = undefined;
});

const first = '2001:db8:a:aa80::/58 valid 3600';
const carried = (): string[] =>
  sources!.heard.filter(({ prefixes }) => prefixes.length > 0).map(({ reason }) => reason);

describe('the dhcpcd source', { timeout: 30_000 }, () => {
  test('with the generated files dhcpcd gets the /58, and each event is told once though it comes by two ways', async () => {
    lab = await Lab.start({ name: 'sources' });
    sources = startSourcesOnLab(lab);
    await startGeneratedDhcpcd(lab);
    expect(await lab.router.waitForPrefix()).toBe('2001:db8:a:aa80::/58');
    await expect.poll(carried).toEqual(['BOUND6']);
    await pause(600);
    const before = carried().length; // the first router advertisement may have asked for a renewal
    lab.router.renew();
    await expect.poll(carried).toHaveLength(before + 1);
    await pause(300);
    expect(carried()).toHaveLength(before + 1);
    expect(sources.heard.at(-1)).toMatchObject({ reason: 'RENEW6', prefixes: [first] });
    expect(await lab.exec('router', ['ls', lab.router.shell.inside('/run/sixgate/events')])).toBe('');
  });

  test('what happened before the start is read from the hook, with shorter lifetimes', async () => {
    lab = await Lab.start({ name: 'sources' });
    await startGeneratedDhcpcd(lab);
    await lab.router.waitForPrefix();
    await lab.router.stopDhcpcd();
    await pause(3100);
    sources = startSourcesOnLab(lab);
    await expect.poll(carried).toEqual(['BOUND6']);
    const lifetime = Number(
      /valid (\d+)$/.exec(sources.heard.find(({ reason }) => reason === 'BOUND6')!.prefixes[0]!)?.[1],
    );
    expect(lifetime).toBeGreaterThan(3590);
    expect(lifetime).toBeLessThan(3598);
    await expect
      .poll(() => [...sources!.problems.values()].map(({ code }) => code), { timeout: 4000 })
      .toEqual(['client-missing']);
  });

  test('a dhcpcd that was bound before is asked what it holds, and again after its restart', async () => {
    lab = await Lab.start({ name: 'sources' });
    await lab.router.startDhcpcd();
    await lab.router.waitForPrefix();
    sources = startSourcesOnLab(lab);
    await expect.poll(() => sources!.heard.at(-1), { timeout: 3000 }).toMatchObject({ prefixes: [first] });
    await lab.router.stopDhcpcd();
    const before = sources.heard.length;
    await lab.router.startDhcpcd();
    await expect
      .poll(() => sources!.heard.slice(before).flatMap(({ prefixes }) => prefixes), { timeout: 4000 })
      .toContain(first);
    expect(sources.problems.size).toBe(0);
  });

  test('the provider renumbers without notice: the new prefix is known within 300 ms, T1 is 15 minutes away', async () => {
    lab = await Lab.start({ name: 'sources' });
    await lab.router.startDhcpcd();
    await lab.router.waitForPrefix();
    sources = startSourcesOnLab(lab);
    await expect
      .poll(() => sources!.log.some((line) => line.includes('router announces')), { timeout: 8000 })
      .toBe(true);
    await pause(1100);
    for (const site of [2, 3]) {
      const base = site === 2 ? '2001:db8:b:bb80::/58' : '2001:db8:c:cc80::/58';
      const { at } = await lab.provider.renumber({ site });
      const arrived = () => sources!.heard.find(({ prefixes }) => prefixes.includes(`${base} valid 3600`));
      await expect.poll(arrived, { timeout: 3000 }).toBeDefined();
      expect(arrived()!.at - at).toBeLessThan(300);
      await pause(1500);
    }
  });

  test('carrier lost for a second: EXPIRE6 gives nothing up, and the lease is confirmed when the carrier is back', async () => {
    lab = await Lab.start({ name: 'sources' });
    await lab.router.startDhcpcd();
    await lab.router.waitForPrefix();
    sources = startSourcesOnLab(lab);
    await expect.poll(carried, { timeout: 3000 }).not.toEqual([]);
    const before = sources.heard.length;
    await lab.exec('provider', ['ip', 'link', 'set', 'wan0', 'down']);
    await pause(1000);
    await lab.exec('provider', ['ip', 'link', 'set', 'wan0', 'up']);
    const since = () => sources!.heard.slice(before);
    await expect.poll(() => since().flatMap(({ prefixes }) => prefixes), { timeout: 5000 }).toContain(first);
    expect(since().map(({ reason }) => reason)).toEqual(expect.arrayContaining(['NOCARRIER', 'EXPIRE6', 'CARRIER']));
    expect(since().some(({ released }) => released)).toBe(false);
  });

  test('SOLICIT has backed off: a router that is there makes the client ask', async () => {
    lab = await Lab.start({ name: 'sources' });
    await lab.provider.mute(true);
    await lab.router.startDhcpcd();
    sources = startSourcesOnLab(lab);
    await pause(9000); // it asked after 0, 1, 3 and 7 s
    expect(carried()).toEqual([]);
    await lab.provider.mute(false);
    await expect.poll(carried, { timeout: 12_000 }).not.toEqual([]);
    expect(sources.log.some((line) => line.includes('a router is there'))).toBe(true);
  });

  // Only the hook can tell: dhcpcd 9.4.1 closes its socket before it says so.
  test('STOP6 gives the prefix up', async () => {
    lab = await Lab.start({ name: 'sources' });
    await startGeneratedDhcpcd(lab, (conf) => conf.replace(/^persistent$/m, ''));
    await lab.router.waitForPrefix();
    sources = startSourcesOnLab(lab);
    await expect.poll(carried, { timeout: 3000 }).not.toEqual([]);
    await lab.router.stopDhcpcd();
    const released = () => sources!.heard.filter((report) => report.released).map(({ reason }) => reason);
    await expect.poll(released, { timeout: 3000 }).toEqual(['STOP6']);
  });
});
