/**
 * The few requests of man(7) that our pages use. Text is escaped: a line that begins with a dot or a quote would be a
 * request, a backslash an escape, and a plain "-" a hyphen that cannot be copied as an option.
 */
export function escapeRoff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1');
}

export function bold(text: string): string {
  return `\\fB${escapeRoff(text)}\\fR`;
}

export function italic(text: string): string {
  return `\\fI${escapeRoff(text)}\\fR`;
}

/** `.TH`: name in capitals, section, date as YYYY-MM-DD. */
export function title(name: string, section: number, date: string, version: string): string {
  return `.TH "${escapeRoff(name.toUpperCase())}" ${section} "${escapeRoff(date)}" "sixgate ${escapeRoff(version)}" "sixgate"`;
}

export function heading(text: string): string {
  return `.SH ${escapeRoff(text.toUpperCase())}`;
}

export function subheading(text: string): string {
  return `.SS ${escapeRoff(text)}`;
}

/** A term, in roff already, and what it means, as text. */
export function definition(term: string, ...meaning: readonly string[]): string {
  return [`.TP\n${term}`, ...meaning.filter((text) => text !== '').map(escapeRoff)].join('\n');
}

export function paragraph(text: string): string {
  return `.PP\n${escapeRoff(text)}`;
}

/** Lines as they stand, indented. */
export function example(lines: string): string {
  return `.PP\n.nf\n.RS 4\n${escapeRoff(lines.trimEnd())}\n.RE\n.fi`;
}
