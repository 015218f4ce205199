import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { RunningServer } from '../server/running-server.ts';
import { readReport, startFollowing } from '../translate/following.ts';
import { openPage, startBrowser, type WatchedPage } from './browser.ts';

let lab: Lab;
let server: RunningServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
  lab = await Lab.start({ name: 'page' });
  server = await RunningServer.start(undefined, lab.router.shell.directory);
  watched = await openPage(browser, `${server.url}/status.html`);
  page = watched.page;
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await lab.stop();
});

const banner = (text: string) => page.locator('.banner strong', { hasText: text }).waitFor({ timeout: 30_000 });

test('a daemon that starts, a prefix that changes, and a daemon that is killed, seen as they happen', async () => {
  await banner('No daemon');
  await startFollowing(lab);
  await page.getByRole('row', { name: '2001:db8:a:aa80::/58 in use' }).waitFor({ timeout: 30_000 });
  await banner('All is well');
  expect(await page.locator('.drawing svg').textContent()).toContain('↔ 2001:db8:a:aa80::/58');

  await lab.provider.renumber({ site: 2, old: 'dead' });
  await page.getByRole('row', { name: /2001:db8:b:[0-9a-f]+::\/58 in use/ }).waitFor({ timeout: 30_000 });
  expect(await page.locator('.drawing svg').textContent()).toMatch(/↔ 2001:db8:b:/);
  expect(await page.locator('.timeline rect').count()).toBeGreaterThanOrEqual(2);

  await page.getByLabel('Address, or subnet::host').fill('servers::10');
  await page.keyboard.press('Enter');
  const printed = JSON.parse((await lab.router.sixgate('trace', 'servers::10', '--json')).stdout) as {
    lines: { becomes: string }[];
  };
  await expect.poll(() => page.locator('.traced code:last-of-type').allTextContents()).toEqual(printed.lines.map(({ becomes }) => becomes)); // prettier-ignore

  process.kill(readReport(lab)!.daemon.pid, 'SIGKILL');
  await banner('sixgate is not running');
  expect(watched.faults).toEqual([]);
});
