import { Marked, type Tokens } from 'marked';
import { escape, relativeUrl, renderFrame } from './frame.ts';
import { createAnchors } from './heading-anchors.ts';
import { resolveLink } from './page-links.ts';
import { plainText, type DocPage } from './read-page.ts';
import type { SiteGroup } from './site-map.ts';

/** Where a page of the project stands in the site, from the root of the site; undefined for what is no page. */
export function siteUrl(path: string): string | undefined {
  if (path === 'docs/README.md') return 'docs/index.html';
  if (path === 'docs/adr') return 'docs/adr/index.html';
  const inDocs = /^docs\/(.+)\.md$/.exec(path)?.[1];
  if (inDocs !== undefined) return `docs/${inDocs}.html`;
  const atRoot = /^([A-Z]+)\.md$/.exec(path)?.[1];
  if (atRoot !== undefined) return `docs/project/${atRoot.toLowerCase()}.html`;
  return /^docs\/.+\.svg$/.test(path) ? path : undefined;
}

/** A whole HTML page. Links that lead to no page of the site, such as to a folder of the project, are text. */
export function renderPage(page: DocPage, groups: readonly SiteGroup[]): string {
  const url = siteUrl(page.path)!;
  const to = (target: string): string => relativeUrl(url, target);
  const inner = page.headings.filter(({ depth }) => depth === 2);
  const content = `    <div class="columns">
      <nav class="map" aria-label="Documentation">
        <details>
          <summary>All pages</summary>
          ${groups.map((group) => renderGroup(group, page.path, to)).join('')}
        </details>
      </nav>
      <main id="app" tabindex="-1">
        <article>
${renderBody(page, to)}
        </article>
      </main>
      ${inner.length > 1 ? `<nav class="inner" aria-label="On this page"><ul>${inner.map(({ text, anchor }) => `<li><a href="#${anchor}">${escape(text)}</a></li>`).join('')}</ul></nav>` : ''}
    </div>
`;
  return renderFrame({
    url,
    title: page.title,
    styles: ['style.css', 'docs.css'],
    script: 'docs.js',
    attributes: ` class="docs" data-root="${to('')}"`,
    beside: search,
    content,
  });
}

const search = `      <search class="find" hidden>
        <label for="find" class="heard">Search the documentation</label>
        <input id="find" type="text" placeholder="Search" autocomplete="off" spellcheck="false" />
        <div class="found" aria-live="polite"></div>
      </search>
`;

function renderGroup({ title, pages }: SiteGroup, current: string, to: (target: string) => string): string {
  const entries = pages.map(({ path, title: name }) => {
    const mark = path === current ? ' aria-current="page"' : '';
    const url = siteUrl(path);
    return url === undefined ? '' : `<li><a href="${to(url)}"${mark}>${escape(name)}</a></li>`;
  });
  return `<p>${escape(title)}</p><ul>${entries.join('')}</ul>`;
}

function renderBody(page: DocPage, to: (target: string) => string): string {
  const anchorOf = createAnchors();
  const urlOf = (href: string): string | undefined => {
    const link = resolveLink(page.path, href);
    if (link.kind === 'outside') return link.href;
    const url = siteUrl(link.path);
    return url && to(url) + (link.anchor === '' ? '' : `#${link.anchor}`);
  };
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const anchor = anchorOf(plainText(tokens));
        return `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const url = urlOf(href);
        const text = this.parser.parseInline(tokens);
        return url === undefined ? text : `<a href="${escape(url)}">${text}</a>`;
      },
      image({ href, text }) {
        return `<img src="${escape(urlOf(href) ?? href)}" alt="${escape(text)}" />`;
      },
      code({ text, lang = '' }) {
        return renderCode(text, lang);
      },
      table({ header, rows }) {
        const cell = (name: 'td' | 'th') => (each: Tokens.TableCell) => {
          // A heading without a text is none.
          const tag = each.text === '' ? 'td' : name;
          return `<${tag}>${this.parser.parseInline(each.tokens)}</${tag}>`;
        };
        const head = header.some(({ text }) => text !== '')
          ? `<thead><tr>${header.map(cell('th')).join('')}</tr></thead>`
          : '';
        const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n');
        return `<div class="wide" tabindex="0" role="group" aria-label="Table">\n<table>${head}<tbody>${body}</tbody></table></div>\n`;
      },
      // Comments are for the tests; of HTML nothing else is meant as such.
      html({ text }) {
        return /^\s*<!--.*-->\s*$/s.test(text) ? '' : escape(text);
      },
    },
  });
  return marked.parser([...page.tokens]);
}

/** Machines of the tests as readers know them. */
const machines: Readonly<Record<string, string>> = {
  router: 'On the router',
  router2: 'On the other router',
  lan1: 'On a host inside',
  server: 'On a host outside',
  dom0: 'On Dom0',
  web1: 'In the guest',
  gate: 'On the NAT gateway',
  inner: 'On the host behind it',
  beta: 'At the other site',
};

/** Its marks (test/docs/README.md) say what a block is: a file, what a command prints, a drawing, and on which machine. */
function renderCode(text: string, info: string): string {
  const [language = '', ...marks] = info.split(/\s+/);
  const on = machines[marks.find((mark) => mark.startsWith('on='))?.slice('on='.length) ?? ''];
  const file = marks.find((mark) => mark.startsWith('file='))?.slice('file='.length);
  const kind = marks.includes('out') ? 'out' : marks.includes('drawing') ? 'drawing' : 'typed';
  const label = { out: 'What it prints', drawing: 'Drawing', typed: file ?? (language === 'sh' ? 'Commands' : 'Text') }[
    kind
  ];
  const captions = [...(on === undefined ? [] : [on]), ...(file === undefined ? [] : [file])];
  const caption = captions.length === 0 ? '' : `<figcaption>${escape(captions.join(': '))}</figcaption>`;
  return `<figure class="${kind}">${caption}<pre tabindex="0" role="group" aria-label="${escape(label)}"><code>${escape(text)}</code></pre></figure>\n`;
}
