import type { Place } from './place.ts';

/**
 * From offsets in a text to places. The YAML library's own line counter misses the line ends in text that it skipped
 * after an error (2.9.1).
 */
export function placesInText(file: string, text: string): (offset: number) => Place {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let line = 0;
    let above = starts.length;
    while (above - line > 1) {
      const middle = (line + above) >> 1;
      if (starts[middle]! <= offset) line = middle;
      else above = middle;
    }
    return { file, line: line + 1, column: offset - starts[line]! + 1 };
  };
}
