import type { Page } from 'playwright-core';

export interface ShownFile {
  readonly path: string;
  readonly mode: string;
  readonly text: string;
}

/** Reads every tab of the files, as a person would by clicking through them. */
export async function readShownFiles(page: Page): Promise<ShownFile[]> {
  // In one call: a round trip for each tab would take most of the time of the test.
  return page.evaluate<ShownFile[]>(`(async () => {
    const files = [];
    for (const { id } of [...document.querySelectorAll('[role=tab]')]) {
      document.getElementById(id).click();
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const panel = document.getElementById('file-panel');
      if (panel.getAttribute('aria-labelledby') !== id) throw new Error('the panel did not follow its tab');
      files.push({
        path: panel.querySelector('.path code').textContent,
        mode: panel.querySelector('.mode').textContent,
        text: panel.querySelector('pre code').textContent,
      });
    }
    return files;
  })()`);
}
