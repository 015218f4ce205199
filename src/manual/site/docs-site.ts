import { appPages } from './app-pages.ts';
import { readPage, type DocPage } from './read-page.ts';
import { renderPage, siteUrl } from './render-page.ts';
import { searchIndex } from './search-index.ts';
import { siteMap } from './site-map.ts';

/** All HTML of the site and what the search looks into, by path. `texts`: Markdown by its path in the project. */
export function docsSite(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const decisions = [...texts].filter(([path]) => path.startsWith('docs/adr/'));
  const pages = [...texts].map(([path, text]) => readPage(path, text));
  const all = [...pages, decisionsPage(pages.filter(({ path }) => decisions.some(([each]) => each === path)))];
  const index = pages.find(({ path }) => path === 'docs/README.md');
  if (!index) throw new Error('there is no docs/README.md');
  const groups = siteMap(index, pages);
  const sections = searchIndex(pages, (path) => siteUrl(path)!);
  return new Map([
    ...appPages(),
    ...all.map((page): [string, string] => [siteUrl(page.path)!, renderPage(page, groups)]),
    // A script, since a page that was opened as a file may read no other.
    ['docs/search-index.js', `sixgateSections=${JSON.stringify(sections)}`],
  ]);
}

/** The folder of decisions as a page. */
function decisionsPage(decisions: readonly DocPage[]): DocPage {
  const list = decisions.map(({ path, title }) => `- [${title}](adr/${path.split('/').at(-1)})`);
  const page = readPage('docs/adr', `# Decisions\n\n${list.join('\n')}\n`);
  return { ...page, path: 'docs/adr' };
}
