import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunningServer, scratchDirectory } from '../server/running-server.ts';
import { openPage, site, startBrowser, type WatchedPage } from './browser.ts';

let browser: Browser;
let server: RunningServer;
let directory: string;
let watched: WatchedPage;
let page: Page;

const inFuture = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const delegation = (prefix: string, seconds: number, current: boolean) => ({
  iaid: 1,
  prefix,
  preferredUntil: inFuture(seconds / 2),
  validUntil: inFuture(seconds),
  since: inFuture(-7200),
  current,
});
const dsl = (...delegations: ReturnType<typeof delegation>[]) => ({
  uplinks: [{ name: 'dsl', interface: 'eth0', source: 'dhcpcd', delegations }],
});
const banner = (text: string) => page.locator('.banner strong', { hasText: text }).waitFor({ timeout: 20_000 });

beforeAll(async () => {
  browser = await startBrowser();
  directory = scratchDirectory();
  server = await RunningServer.start(['--listen', '[::1]:0'], directory);
  server.report(
    {
      ...dsl(delegation('2001:db8:a:aa80::/58', 5400, true)),
      history: [{ uplink: 'dsl', prefix: '2001:db8:a:aa80::/58', since: inFuture(-7200), until: null }],
    },
    { since: inFuture(-100) },
  );
  watched = await openPage(browser, `${server.url}/status.html`);
  page = watched.page;
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(directory, { recursive: true });
});

test('shows what the daemon told, and lifetimes run down', async () => {
  await banner('All is well');
  const row = page.getByRole('row', { name: /2001:db8:a:aa80::\/58 in use/ });
  expect(await row.textContent()).toMatch(/1 h 30 min|1 h 29 min/);
  expect(await page.locator('.figures').textContent()).toContain('packets stopped, leaving');
  expect(await page.locator('.drawing .heard').textContent()).toContain('servers');
  const before = await page.locator('.banner .dim').textContent();
  await expect.poll(() => page.locator('.banner .dim').textContent(), { timeout: 5000 }).not.toBe(before);
});

test('shows which uplink is down and why, and which one a network leaves by', async () => {
  const health = (state: 'up' | 'down', why: string) => ({ state, since: inFuture(-60), why, answered: null });
  server.report({
    uplinks: [
      {
        ...dsl(delegation('2001:db8:a:aa80::/58', 5400, true)).uplinks[0]!,
        health: health('down', 'eth0 has no carrier'),
      },
      {
        name: 'lte',
        interface: 'eth3',
        source: 'dhcpv6',
        health: health('up', '2620:fe::fe answers'),
        delegations: [delegation('2001:db8:b:bb80::/58', 5400, true)],
      },
    ],
    networks: [{ name: 'home', prefix: 'fd12::/58', subnets: [], way: { uplink: 'lte', because: 'dsl is down' } }],
  });
  await page.getByText(/^down for 1 min.*: eth0 has no carrier$/).waitFor({ timeout: 5000 });
  await page.getByText(/^up for 1 min.*: 2620:fe::fe answers$/).waitFor({ timeout: 5000 });
  expect(await page.locator('.drawing').textContent()).toContain('New flows of home leave by lte: dsl is down.');
});

test('shows the guests of a Xen host, and which of them lacks something', async () => {
  const guest = { what: 'interface 0 of web1', device: 'vif7.0', entry: 'web1', filtered: true };
  const given = { gateways: ['fe80::1/64'], prefixes: ['2001:db8:0:101::/64'], problem: null };
  expect(await page.getByRole('heading', { name: 'Xen guests' }).count()).toBe(0);
  server.report({
    ...dsl(delegation('2001:db8:a:aa80::/58', 5400, true)),
    xen: [
      { ...guest, ...given },
      { ...guest, ...given, device: 'vif8.0', filtered: false, problem: 'nft failed' },
    ],
  });
  await page.getByRole('row', { name: /interface 0 of web1 vif7\.0 2001:db8:0:101::\/64 fe80::1\/64 on/ }).waitFor();
  await page.getByRole('row', { name: /vif8\.0 nft failed .* off/ }).waitFor();
});

test('follows a change without being asked', async () => {
  server.report({
    ...dsl(delegation('2001:db8:b:bb80::/58', 3600, true), delegation('2001:db8:a:aa80::/58', 600, false)),
    history: [
      { uplink: 'dsl', prefix: '2001:db8:a:aa80::/58', since: inFuture(-7200), until: inFuture(-5) },
      { uplink: 'dsl', prefix: '2001:db8:b:bb80::/58', since: inFuture(-5), until: null },
    ],
    problems: [
      { code: 'interface-missing', message: 'there is no interface eth2', mend: 'Plug it in.', since: inFuture(-90) },
    ],
  });
  await banner('One problem');
  await page.getByRole('row', { name: /2001:db8:b:bb80::\/58 in use/ }).waitFor();
  await page.getByRole('row', { name: /2001:db8:a:aa80::\/58 inbound only/ }).waitFor();
  expect(await page.locator('.note.bad li').textContent()).toMatch(
    /there is no interface eth2 for 1 min 3\d sPlug it in/,
  );
  expect(await page.locator('.timeline rect').count()).toBe(2);
});

test('traces an address both ways, and says what is wrong with one', async () => {
  const field = page.getByLabel('Address, or subnet::host');
  await field.fill('servers::10');
  await field.press('Enter');
  await page.locator('.traced li', { hasText: 'outbound' }).first().waitFor();
  expect(await page.locator('.traced').textContent()).toContain('fd12:3456:789a:1::10');
  await field.fill('nowhere::g');
  await field.press('Enter');
  await page.locator('[role=status] .problem').waitFor();
});

test('one of two routers', async () => {
  server.report({ failover: { state: 'passive', since: null }, ...dsl() });
  await banner('Stands by');
  server.report({ failover: { state: 'active', since: null } });
  await banner('this router is the active one');
  expect(await page.locator('.drawing .tag', { hasText: 'this router, active' }).count()).toBe(1);
});

test('a daemon that is gone, a server that is gone, and both coming back', async () => {
  server.report({}, { pid: 2 ** 22 + 1 });
  await banner('sixgate is not running');
  // A browser logs every answer of 400; the address that is none got one.
  expect(watched.faults.filter((fault) => !fault.includes('400 (Bad Request)'))).toEqual([]);
  const { port } = server;
  await server.stop();
  await banner('The connection is lost');
  // What was there stays to be read.
  expect(await page.locator('.uplink').count()).toBe(1);
  server = await RunningServer.start(['--listen', `[::1]:${port}`], directory);
  server.report();
  await banner('All is well');
});

test('opened from a file it says what it needs', async () => {
  const { page: alone, faults } = await openPage(browser, `${site}status.html`);
  expect(await alone.locator('main').textContent()).toContain('sixgate serve');
  expect(faults).toEqual([]);
  await alone.close();
});
