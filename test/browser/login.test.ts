import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sixgate } from '../cli/sixgate.ts';
import { RunningServer } from '../server/running-server.ts';
import { findViolations, overhang } from './axe.ts';
import { openPage, startBrowser } from './browser.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sixgate-login-'));
const file = join(scratch, 'token');
const rotate = () => sixgate(['serve', 'rotate-token', '--token-file', file]);
let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
  chmodSync(scratch, 0o755);
  rotate();
  if (process.getuid?.() === 0) chownSync(file, 65_534, 65_534);
  server = await RunningServer.start(['--listen', '[::1]:0', '--token-file', file]);
  server.report();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(scratch, { recursive: true });
});
/** The browser itself says on the console what the server refused. */
const faultsOfOurs = (faults: readonly string[]) => faults.filter((fault) => !/status of 401/.test(fault));

test('whoever asks for a page gives the token first, by keyboard alone; a wrong one is told', async () => {
  const { page, faults } = await openPage(browser, `${server.url}/status.html`, {
    viewport: { width: 360, height: 700 },
  });
  expect(new URL(page.url()).pathname).toBe('/login');
  await page.getByLabel('Token').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(await overhang(page)).toBe(0);
  await page.keyboard.type('not the token');
  await page.keyboard.press('Enter');
  await page.getByText('This token is not right.').waitFor();
  await page.keyboard.type(readFileSync(file, 'utf8').trim()); // the wrong one is selected
  await page.keyboard.press('Enter');
  await page.waitForURL(`${server.url}/`);
  expect(await page.evaluate('document.cookie')).toBe('');
  await page.goto(`${server.url}/status.html`);
  await page.getByRole('row', { name: '2001:db8:a:aa80::/58 in use' }).waitFor();
  await page.goto(`${server.url}/login`); // nothing to do there any longer
  await page.waitForURL(`${server.url}/`);
  expect(faultsOfOurs(faults)).toEqual([]);
  await page.context().close();
});

test('a link with the token behind # logs in and leaves no trace of it in the address', async () => {
  const { page, faults } = await openPage(browser, `${server.url}/login#${readFileSync(file, 'utf8').trim()}`, {
    colorScheme: 'dark',
  });
  await page.waitForURL(`${server.url}/`);
  await page.goto(`${server.url}/status.html`);
  await page.getByRole('row', { name: '2001:db8:a:aa80::/58 in use' }).waitFor();
  expect(rotate().code).toBe(0);
  await page.getByText('The session is over').waitFor({ timeout: 20_000 });
  await page.reload();
  await page.getByLabel('Token').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(faultsOfOurs(faults).filter((fault) => !/net::ERR/.test(fault))).toEqual([]);
  await page.context().close();
});
