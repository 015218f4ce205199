/** Foreign text for a message: in quotes, at most 64 characters of it, nothing that could steer a terminal or a log. */
export function quote(text: string): string {
  const shown = text.length > 64 ? `${text.slice(0, 63)}…` : text;
  return `"${shown.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escape)}"`;
}

function escape(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
