import { dataColors } from './terminal.ts';

/** The lines of two texts, those that go with `-`, those that come with `+`, and the others as they are. */
export function formatDiff(before: string, after: string): string {
  const colors = dataColors();
  return diffLines(before.split('\n'), after.split('\n'))
    .map(([sign, line]) => {
      const text = `${sign}${line}\n`;
      return sign === '-' ? colors.red(text) : sign === '+' ? colors.green(text) : text;
    })
    .join('');
}

type Line = readonly ['-' | '+' | ' ', string];

/** By the longest common subsequence; its table is as large as both texts multiplied, so this is for short ones. */
function diffLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  const common = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let one = before.length - 1; one >= 0; one--) {
    for (let other = after.length - 1; other >= 0; other--) {
      common[one]![other] =
        before[one] === after[other]
          ? common[one + 1]![other + 1]! + 1
          : Math.max(common[one + 1]![other]!, common[one]![other + 1]!);
    }
  }
  const lines: Line[] = [];
  let one = 0;
  let other = 0;
  while (one < before.length || other < after.length) {
    if (one < before.length && other < after.length && before[one] === after[other]) {
      lines.push([' ', before[one++]!]);
      other++;
    } else if (
      one < before.length &&
      (other === after.length || common[one + 1]![other]! >= common[one]![other + 1]!)
    ) {
      lines.push(['-', before[one++]!]);
    } else lines.push(['+', after[other++]!]);
  }
  return lines;
}
