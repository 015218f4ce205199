import { Marked, type Token, type Tokens } from 'marked';
import { createAnchors } from './heading-anchors.ts';

/** A page of the documentation before it is HTML. */
export interface DocPage {
  /** From the root of the project: `docs/guides/one-64.md`. */
  readonly path: string;
  readonly title: string;
  readonly tokens: readonly Token[];
  readonly headings: readonly { readonly depth: number; readonly text: string; readonly anchor: string }[];
  /** As they are written. */
  readonly links: readonly string[];
}

const marked = new Marked();

export function readPage(path: string, markdown: string): DocPage {
  const tokens = marked.lexer(markdown);
  const anchorOf = createAnchors();
  const headings: { depth: number; text: string; anchor: string }[] = [];
  const links: string[] = [];
  void marked.walkTokens(tokens, (token) => {
    if (token.type === 'heading') {
      const { depth, tokens: inner } = token as Tokens.Heading;
      const text = plainText(inner);
      headings.push({ depth, text, anchor: anchorOf(text) });
    }
    if (token.type === 'link' || token.type === 'image') links.push((token as Tokens.Link | Tokens.Image).href);
  });
  return { path, title: headings[0]?.text ?? path, tokens, headings, links };
}

/** Without any marks. */
export function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if ('tokens' in token && token.tokens) return plainText(token.tokens);
      return 'text' in token ? unescape(String(token.text)) : '';
    })
    .join('');
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
