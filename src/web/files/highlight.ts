export type TokenKind = 'text' | 'comment' | 'section' | 'key' | 'string' | 'number' | 'address' | 'word';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** What all formats that are generated have in common: comments, [sections], keys, strings, addresses, numbers. */
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['string', /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y],
  [
    'address',
    /(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\/\d{1,3})?(?![\w:])|\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w.])/iy,
  ],
  ['number', /(?:0x[0-9a-f]+|\d+)(?![\w.-])/iy],
  ['text', /[\w.$-]+|\s+|[^]/y],
];

const lineStarts: readonly (readonly [TokenKind, RegExp])[] = [
  ['section', /\s*\[[^\]\n]+\]/y],
  ['key', /\s*(?:- )?[A-Za-z_][\w./-]*(?=\s*[=:](?:\s|[^:\s=]))/y],
  ['word', /\s*[A-Za-z_*:-][\w:*-]*(?=[\s;{]|$)/y],
];

/** The whole text, in pieces. It knows no grammar: a colour may be wrong, a letter never is. */
export function highlight(text: string): Token[] {
  const tokens: Token[] = [];
  const push = (kind: TokenKind, piece: string): void => {
    const last = tokens.at(-1);
    if (last?.kind === kind) tokens[tokens.length - 1] = { kind, text: last.text + piece };
    else if (piece !== '') tokens.push({ kind, text: piece });
  };
  for (const line of text.split(/(?<=\n)/)) {
    if (/^\s*#/.test(line)) {
      push('comment', line);
      continue;
    }
    let at = 0;
    const first = match(lineStarts, line, 0);
    if (first !== undefined) {
      push(first.kind, first.text);
      at = first.text.length;
    }
    while (at < line.length) {
      // A "#" behind a blank begins a comment in all of these formats.
      if (line[at] === '#' && /\s/.test(line[at - 1] ?? ' ')) {
        push('comment', line.slice(at));
        break;
      }
      const next = match(patterns, line, at)!;
      push(next.kind, next.text);
      at += next.text.length;
    }
  }
  return tokens;
}

function match(list: readonly (readonly [TokenKind, RegExp])[], line: string, at: number): Token | undefined {
  for (const [kind, pattern] of list) {
    pattern.lastIndex = at;
    const found = pattern.exec(line)?.[0];
    if (found !== undefined && found !== '') return { kind, text: found };
  }
  return undefined;
}
