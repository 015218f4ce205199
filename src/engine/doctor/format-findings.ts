import type { Colors } from '../format-report.ts';
import type { GroupedFinding } from './checks.ts';

/** For people: a heading for each group, a line for each finding, its mend below. */
export function formatFindings(findings: readonly GroupedFinding[], colors: Colors): string {
  const width = Math.max(0, ...findings.map(({ id }) => id.length));
  const lines: string[] = [];
  for (const group of new Set(findings.map((finding) => finding.group))) {
    lines.push(...(lines.length > 0 ? [''] : []), colors.bold(group));
    for (const { id, result, found, mend } of findings.filter((finding) => finding.group === group)) {
      lines.push(`  ${painted(result, colors)}  ${id.padEnd(width)}  ${found}`);
      if (mend !== null) lines.push(`  ${' '.repeat(longest)}  ${' '.repeat(width)}  ${colors.dim('->')} ${mend}`);
    }
  }
  return `${[...lines, '', summarize(findings, colors)].join('\n')}\n`;
}

const longest = 'problem'.length;

function painted(result: GroupedFinding['result'], colors: Colors): string {
  const text = result.padEnd(longest);
  if (result === 'ok') return colors.green(text);
  if (result === 'problem') return colors.red(text);
  return result === 'warning' ? colors.yellow(text) : colors.dim(text);
}

function summarize(findings: readonly GroupedFinding[], colors: Colors): string {
  const count = (wanted: GroupedFinding['result']): number => findings.filter(({ result }) => result === wanted).length;
  const parts = [
    [count('problem'), 'problem(s)'],
    [count('warning'), 'warning(s)'],
    [count('unknown'), 'unknown'],
  ] as const;
  const some = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  if (some.length === 0) return colors.green(`${findings.length} checks, all in order`);
  const text = `${findings.length} checks: ${some.join(', ')}`;
  return count('problem') > 0 ? colors.red(text) : text;
}
