/** Foreign text in one line, at most `limit` characters of it, nothing that could steer a terminal or a log. */
export function printable(text: string, limit = 300): string {
  const shown = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return shown.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escape);
}

/** What an error says; JSON.parse quotes the text that it was given. */
export function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error));
}

function escape(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
