import { chownSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sixgate } from '../cli/sixgate.ts';
import { RunningServer, scratchDirectory } from '../server/running-server.ts';
import { watchPage, startBrowser } from './browser.ts';

let browser: Browser;
let server: RunningServer;
let directory: string;
let file: string;

beforeAll(async () => {
  browser = await startBrowser();
  directory = scratchDirectory();
  file = join(directory, 'token');
  sixgate(['serve', 'rotate-token', '--token-file', file]);
  // The server goes on as nobody.
  chownSync(file, 65534, 65534);
  server = await RunningServer.start(['--listen', '[::1]:0', '--token-file', file], directory);
  server.report();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(directory, { recursive: true });
});

test('a token is asked for once; all pages work with it; when it is changed they say so', async () => {
  const { page, faults } = await watchPage(browser, server.url, {});
  await page.goto(`${server.url}/status.html`);
  await page.getByLabel('Token').fill(readFileSync(file, 'utf8').trim());
  await page.keyboard.press('Enter');
  await page.locator('[role=tab]').first().waitFor();
  await page.getByRole('link', { name: '6to4 tunnel' }).click();
  await page.getByRole('heading', { name: '6to4 tunnel', level: 1 }).waitFor();
  await page.goto(`${server.url}/status.html`);
  await page.locator('.banner strong', { hasText: 'All is well' }).waitFor();
  // The login asks whether there is a session already, and is told that there is none.
  expect(faults.filter((fault) => !fault.includes('401 (Unauthorized)'))).toEqual([]);

  expect(sixgate(['serve', 'rotate-token', '--token-file', file]).code).toBe(0);
  await page.locator('.banner strong', { hasText: 'The session is over' }).waitFor({ timeout: 25_000 });
  await page.reload();
  await page.getByLabel('Token').waitFor();
});
