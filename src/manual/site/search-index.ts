import type { Tokens } from 'marked';
import { plainText, type DocPage } from './read-page.ts';

/** A part of a page under one heading, for the search: page's title, heading, where, and its words. */
export type Section = readonly [title: string, heading: string, url: string, text: string];

/** `urlOf`: of a page, from the folder of the index. */
export function searchIndex(pages: readonly DocPage[], urlOf: (path: string) => string): readonly Section[] {
  return pages.flatMap((page) => {
    const sections: { heading: string; anchor: string; text: string[] }[] = [];
    const headings = [...page.headings];
    for (const token of page.tokens) {
      if (token.type === 'heading') {
        const { text, anchor } = headings.shift()!;
        sections.push({ heading: text, anchor, text: [] });
      } else if (token.type !== 'html') sections.at(-1)?.text.push(wordsOf(token));
    }
    return sections.map(({ heading, anchor, text }, index): Section => [
      page.title,
      index === 0 ? '' : heading,
      urlOf(page.path) + (index === 0 ? '' : `#${anchor}`),
      text.join(' ').replaceAll(/\s+/g, ' ').trim(),
    ]);
  });
}

function wordsOf(token: DocPage['tokens'][number]): string {
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].flatMap((row) => row.map((cell) => plainText(cell.tokens))).join(' ');
  }
  if (token.type === 'list') return (token as Tokens.List).items.map((item) => plainText(item.tokens)).join(' ');
  return plainText([token]);
}
