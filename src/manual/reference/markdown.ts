/** A table of Markdown; cells keep to their line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}

export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** A page that says where it comes from. */
export function page(title: string, ...parts: readonly string[]): string {
  const origin = '<!-- Made from the sources by "npm run build:reference"; do not edit. -->';
  return `${[`# ${title}`, origin, ...parts].join('\n\n')}\n`;
}

/** Half sentences, as `--help` shows them, made whole. */
export function sentence(text: string): string {
  if (text === '') return '';
  return `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?:]$/.test(text) ? '' : '.'}`;
}
