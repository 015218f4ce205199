import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findViolations, overhang } from './axe.ts';
import { openPage, site, startBrowser } from './browser.ts';
import { takePicture } from './take-picture.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const looks: [string, string, BrowserContextOptions][] = [
  ['light, wide', 'wide', { colorScheme: 'light' }],
  ['dark, on a phone', 'phone', { colorScheme: 'dark', viewport: { width: 360, height: 740 } }],
];

/** All of them: they come from many hands. */
function pagesOfDocs(): string[] {
  const all = readdirSync(join(import.meta.dirname, '../../dist/site/docs'), { recursive: true, encoding: 'utf8' });
  return all.filter((name) => name.endsWith('.html'));
}

describe.each(looks)('docs, from a file, %s', (_, look, options) => {
  test('every page: axe has nothing to say, and nothing is wider than the window', { timeout: 300_000 }, async () => {
    const { page, faults } = await openPage(browser, `${site}docs/index.html`, options);
    const pages = pagesOfDocs();
    expect(pages.length).toBeGreaterThan(40);
    for (const name of pages) {
      await page.goto(`${site}docs/${name}`);
      expect(await findViolations(page), name).toEqual([]);
      expect(await overhang(page), name).toBe(0);
      if (name.startsWith('guides/') || !name.includes('/')) {
        await takePicture(page, `${look}-docs-${name.replaceAll('/', '-').replace('.html', '')}`);
      }
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('search finds a section, by keyboard alone', async () => {
    const { page, faults } = await openPage(browser, `${site}docs/guides/changing-prefix.html`, options);
    await page.keyboard.press('/');
    await page.keyboard.type('tunnel mtu');
    await page.locator('.found a').first().waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await takePicture(page, `${look}-docs-search`);
    const href = await page.locator('.found a').first().getAttribute('href');
    expect(href).toMatch(/^\.\.\/\.\.\/docs\/(?:errors|tunnels)\.html#.*mtu/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/mtu$/);
    await page.locator('#find').fill('nothing-has-this');
    await page.locator('.found p').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

test('without scripts everything can be read, and there is no search that does nothing', async () => {
  const { page } = await openPage(browser, `${site}docs/index.html`, { javaScriptEnabled: false });
  expect(await page.locator('article h1').textContent()).toContain('documentation');
  expect(await page.locator('.find').isVisible()).toBe(false);
  await page.context().close();
});

test('the other pages and the documentation lead to each other', async () => {
  const { page } = await openPage(browser, `${site}index.html`);
  await page.getByRole('link', { name: 'Docs' }).click();
  expect(page.url()).toMatch(/docs\/index\.html$/);
  await page.getByRole('link', { name: 'Generator' }).click();
  expect(page.url()).toMatch(/site\/index\.html$/);
  await page.context().close();
});
