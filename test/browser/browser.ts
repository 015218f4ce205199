import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const root = join(import.meta.dirname, '../..');
export const site = pathToFileURL(join(root, 'dist/site/')).href;

/** Test files that run one after the other share this module. */
let built = false;

/** The site as the sources have it now, and Debian's Chromium. */
export async function startBrowser(): Promise<Browser> {
  if (!built) execFileSync(process.execPath, ['build.mjs'], { cwd: root, stdio: 'inherit' });
  built = true;
  // As root there is no sandbox; nothing but our own pages is opened.
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors, console lines and requests beyond the origin, which nothing here may have. */
  readonly faults: string[];
}

/** A page that was not sent anywhere yet. */
export async function watchPage(browser: Browser, url: string, options: BrowserContextOptions): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  const origin = new URL(url);
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const to = new URL(request.url());
    const own =
      to.protocol === 'blob:' ||
      to.protocol === 'data:' ||
      (to.protocol === origin.protocol && to.host === origin.host);
    if (!own) faults.push(`request: ${request.url()}`);
  });
  return { page, faults };
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const watched = await watchPage(browser, url, options);
  await watched.page.goto(url);
  return watched;
}
