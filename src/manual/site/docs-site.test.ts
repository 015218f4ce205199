import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { docsSite } from './docs-site.ts';
import { relativeUrl } from './frame.ts';
import { createAnchors } from './heading-anchors.ts';
import { deadLinks } from './page-links.ts';
import { readPage } from './read-page.ts';
import { renderPage } from './render-page.ts';

const root = join(import.meta.dirname, '../../..');
const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`);
const paths = [...docs, ...readdirSync(root)].filter((path) => /(?:^docs\/.*|^[A-Z]+)\.md$/.test(path));
const texts = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
const everything = () => true;

test('README and docs have no link that leads nowhere', () => {
  const pages = [...texts].map(([path, text]) => readPage(path, text));
  expect(deadLinks(pages, (path) => existsSync(join(root, path)))).toEqual([]);
});

describe('the site', () => {
  const files = docsSite(texts);
  const html = [...files].filter(([name]) => name.endsWith('.html'));

  test('has every page', () => {
    for (const name of ['docs/index.html', 'docs/guides/changing-prefix.html', 'docs/project/contributing.html']) {
      expect([...files.keys()]).toContain(name);
    }
  });

  test('asks nobody else for anything', () => {
    for (const [name, text] of html) {
      const loaded = [...text.matchAll(/<(?:script|link|img)\b[^>]*?(?:src|href)="([^"]*)"/g)].map(([, url]) => url!);
      expect(
        loaded.filter((url) => /^(?:[a-z]+:|\/)/.test(url)),
        name,
      ).toEqual([]);
      expect(text, name).not.toMatch(/<style|style="|<script>| on\w+="/);
    }
  });

  test('links within it lead to files and headings of it', () => {
    for (const [name, text] of html) {
      for (const [, href = ''] of text.matchAll(/<a\b[^>]*? href="([^"]*)"/g)) {
        if (/^[a-z]+:/.test(href)) continue;
        const { pathname, hash } = new URL(href, `http://site/${name}`);
        const target = pathname.slice(1);
        expect(files.has(target) || docs.includes(target), `${name}: ${href}`).toBe(true);
        if (hash !== '') expect(files.get(target), `${name}: ${href}`).toContain(`id="${hash.slice(1)}"`);
      }
    }
  });

  test('finds what is in headings, paragraphs, tables and blocks', () => {
    const index = files.get('docs/search-index.js') ?? '';
    for (const words of ['What goes wrong, and how one notices', 'sixgate generate nat-gateway', 'Reconfigure']) {
      expect(index).toContain(words);
    }
  });
});

test('anchors are those of GitHub', () => {
  const anchorOf = createAnchors();
  expect(['The MTU', 'The MTU', 'A: `b-c`, d & e', '6to4 after RFC 7526', 'config_key'].map(anchorOf)).toEqual([
    'the-mtu',
    'the-mtu-1',
    'a-b-c-d--e',
    '6to4-after-rfc-7526',
    'config_key',
  ]);
});

test('dead links are named, with page and reason', () => {
  const page = readPage('docs/a.md', '# A\n[x](b.md) [y](#none) [z](#a) [o](https://example.org/) ![p](p.svg)');
  expect(deadLinks([page], () => false)).toEqual([
    'docs/a.md: b.md: there is no docs/b.md',
    'docs/a.md: #none: docs/a.md has no heading "none"',
    'docs/a.md: p.svg: there is no docs/p.svg',
  ]);
  expect(deadLinks([page], everything)).toHaveLength(1);
});

test('ways from page to page', () => {
  expect(relativeUrl('docs/guides/a.html', 'docs/guides/b.html')).toBe('b.html');
  expect(relativeUrl('docs/guides/a.html', 'docs/b.html')).toBe('../b.html');
  expect(relativeUrl('docs/guides/a.html', 'style.css')).toBe('../../style.css');
  expect(relativeUrl('docs/index.html', 'docs/adr/x.html')).toBe('adr/x.html');
});

test('what stands in a page is text, whatever is in it', () => {
  const page = readPage(
    'docs/a.md',
    '# A <b>\n\n```sh on=x\necho "<script>"\n```\n\n`<i>` & [q](https://example.org/"x)',
  );
  const text = renderPage(page, []);
  expect(text).toContain('echo &quot;&lt;script&gt;&quot;');
  expect(text).not.toMatch(/<(?:i|b|script)>/);
  expect(renderPage(readPage('docs/a.md', '# A\n\n<div>x</div>'), [])).toContain('&lt;div&gt;');
});

test('a block says which file it is, and on which machine', () => {
  const page = readPage('docs/a.md', '# A\n\n```yaml on=router2 file=/etc/x\ny\n```\n\n```text out\nz\n```\n');
  const text = renderPage(page, []);
  expect(text).toContain('<figcaption>On the other router: /etc/x</figcaption>');
  expect(text).toContain('<figure class="out">');
});

test('comments are for tests, not for readers', () => {
  expect(renderPage(readPage('docs/a.md', '# A\n\n<!-- lab: wait 1 -->\n'), [])).not.toContain('lab:');
});
