import type { Shown } from './page.ts';

/** What may differ from run to run, where a page says so with `vary=`. */
export const masks: Readonly<Record<string, RegExp>> = {
  /** 2026-11-23T10:00:00.000Z */
  time: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/,
  /** 29 min 58 s; 12.4 ms */
  span: /\d+(?:\.\d+)? ?(?:ms|s|min|h|d)\b(?: \d+ (?:ms|s|min|h)\b)?/,
  /** A random unique local prefix. */
  ula: /\bfd[0-9a-f]{2}(?::[0-9a-f]{1,4}){2}::(?:\/48)?/,
  /** A figure that stands for itself, not one within an address. */
  number: /(?<![\w:.]|:\/)\d+(?:\.\d+)?(?![\w:]|\.\d)/,
  /** What status counts and depends on how fast things went. */
  counts: /(?:changes|repairs|moved) \d+/,
  /** Of columns, whose width depends on what else is in them. */
  blanks: / {2,}/,
  vif: /vif\d+\.\d+/,
  version: /\d+\.\d+\.\d+/,
  'link-local': /fe80::[0-9a-f:]+/,
};

/**
 * Whether a command printed what the page shows. A line of three dots stands for any lines, also none; blanks at the ends of
 * lines do not count.
 */
export function matchShown({ text, vary }: Shown, printed: string): boolean {
  return expression(text, vary).test(tidy(printed));
}

function expression(shown: string, vary: readonly string[]): RegExp {
  const lines = tidy(shown)
    .split('\n')
    .slice(0, -1)
    .map((line) => (/^\s*\.\.\.$/.test(line) ? String.raw`(?:.*\n)*?` : `${lineExpression(line, vary)}\\n`));
  return new RegExp(`^${lines.join('')}$`);
}

function lineExpression(line: string, vary: readonly string[]): string {
  const [kind, ...others] = vary;
  if (kind === undefined) return line.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  const { source } = masks[kind]!;
  return line
    .split(new RegExp(source))
    .map((part) => lineExpression(part, others))
    .join(`(?:${source})`);
}

export function tidy(text: string): string {
  return `${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()}\n`;
}
