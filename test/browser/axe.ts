import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core has to say against the page as it stands: rule and first element of each violation. */
export async function findViolations(page: Page): Promise<string[]> {
  // Evaluated and not added as a script, which the policy of the pages would rightly refuse.
  await page.evaluate(axe.source);
  return page.evaluate<
    string[]
  >(`axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) =>
    violations.map(({ id, help, nodes }) => id + ': ' + help + ': ' + nodes[0].html.slice(0, 120)))`);
}

/** How far the page is wider than its window, in pixels; what scrolls within a frame of its own does not count. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
