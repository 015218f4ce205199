import type { Token, Tokens } from 'marked';
import { resolveLink } from './page-links.ts';
import { plainText, type DocPage } from './read-page.ts';

export interface SiteGroup {
  readonly title: string;
  readonly pages: readonly { readonly path: string; readonly title: string }[];
}

/** The groups of the index page: each second heading with the links of the list below it. What it does not name comes last. */
export function siteMap(index: DocPage, pages: readonly DocPage[]): readonly SiteGroup[] {
  const groups: { title: string; pages: { path: string; title: string }[] }[] = [];
  for (const token of index.tokens) {
    if (token.type === 'heading' && token.depth === 2) {
      groups.push({ title: plainText((token as Tokens.Heading).tokens), pages: [] });
    }
    if (token.type === 'list') groups.at(-1)?.pages.push(...linksOf(index, token as Tokens.List));
  }
  const named = new Set([index.path, ...groups.flatMap((group) => group.pages.map(({ path }) => path))]);
  const others = pages.filter(({ path }) => !named.has(path) && !path.startsWith('docs/adr/'));
  return [
    ...groups.filter((group) => group.pages.length > 0),
    ...(others.length > 0 ? [{ title: 'More', pages: others.map(({ path, title }) => ({ path, title })) }] : []),
  ];
}

/** The first link of each entry. */
function linksOf(index: DocPage, list: Tokens.List): { path: string; title: string }[] {
  return list.items.flatMap((item) => {
    const link = findLink(item.tokens);
    const to = link && resolveLink(index.path, link.href);
    return link && to?.kind === 'inside' ? [{ path: to.path, title: plainText(link.tokens) }] : [];
  });
}

function findLink(tokens: readonly Token[]): Tokens.Link | undefined {
  for (const token of tokens) {
    if (token.type === 'link') return token as Tokens.Link;
    const inner = 'tokens' in token && token.tokens ? findLink(token.tokens) : undefined;
    if (inner) return inner;
  }
  return undefined;
}
