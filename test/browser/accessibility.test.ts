import { rmSync } from 'node:fs';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { menu } from '../../src/web/kinds/menu.ts';
import { RunningServer, scratchDirectory } from '../server/running-server.ts';
import { findViolations, overhang } from './axe.ts';
import { openPage, site, startBrowser } from './browser.ts';
import { takePicture } from './take-picture.ts';

let browser: Browser;
let server: RunningServer;
let directory: string;

beforeAll(async () => {
  browser = await startBrowser();
  directory = scratchDirectory();
  server = await RunningServer.start(['--listen', '[::1]:0'], directory);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(directory, { recursive: true });
});

/** A daemon that is not silent tells something every ten seconds. */
function report(): void {
  const since = new Date(Date.now() - 100_000).toISOString();
  server.report({
    history: [
      { uplink: 'dsl', prefix: '2001:db8:9::/58', since, until: since },
      { uplink: 'dsl', prefix: '2001:db8:a:aa80::/58', since, until: null },
    ],
    problems: [{ code: 'interface-missing', message: 'there is no interface eth2', mend: 'Plug it in.', since }],
  });
}

const looks: [string, string, BrowserContextOptions][] = [
  ['light, wide', 'wide', { colorScheme: 'light' }],
  ['dark, on a phone', 'phone', { colorScheme: 'dark', viewport: { width: 360, height: 740 } }],
];

describe.each(looks)('%s: axe has nothing to say, and nothing is wider than the window', (_, look, options) => {
  test('generator: every kind, opened up, and with something wrong', async () => {
    const { page, faults } = await openPage(browser, `${site}index.html`, options);
    for (const { name } of menu) {
      await page.goto(`${site}index.html#${name}`);
      await page.locator(`a[href="#${name}"][aria-current]`).waitFor();
      await takePicture(page, `${look}-${name}`);
      for (const summary of await page.locator('summary').all()) await summary.click();
      expect(await findViolations(page), name).toEqual([]);
      expect(await overhang(page), name).toBe(0);
      // Wrong is the same everywhere: one kind with an intent, one with a configuration.
      if (!['config', '6to4'].includes(name)) continue;
      await page
        .locator('form input[type=text]')
        .first()
        .fill('not/good at all, and much longer than anything should be');
      await page.locator('.note.bad').waitFor();
      expect(await findViolations(page), `${name}, wrong`).toEqual([]);
      expect(await overhang(page), `${name}, wrong`).toBe(0);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('calculator', async () => {
    const { page, faults } = await openPage(browser, `${site}calculator.html`, options);
    await page.getByLabel('Address or prefix', { exact: true }).fill('2001:db8::g');
    await page.locator('.problem').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel('Address or prefix', { exact: true }).fill('2002:cb00:7104:0:21c:42ff:fe00:8/48');
    await page.getByLabel('Delegated prefix').fill('2001:db8:b::/56');
    expect(await findViolations(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await takePicture(page, `${look}-calculator`);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('status, from the server and from a file', async () => {
    report();
    const { page, faults } = await openPage(browser, `${server.url}/status.html`, options);
    await page.locator('.banner strong', { hasText: 'problem' }).waitFor();
    await page.getByLabel('Address, or subnet::host').fill('servers::10');
    await page.keyboard.press('Enter');
    await page.locator('.traced li').first().waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await takePicture(page, `${look}-status`);
    expect(faults).toEqual([]);
    await page.goto(`${site}status.html`);
    expect(await findViolations(page)).toEqual([]);
    await page.context().close();
  });
});
