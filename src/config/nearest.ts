/** Of `known`, the word that takes the fewest edits from `word`; undefined where none is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Infinity;
  // Long garbage is never a slip of the keyboard, and the distance costs its length.
  if (word.length > 64) return undefined;
  for (const candidate of known) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest && edits <= Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 2))) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** Inserted, deleted, replaced and exchanged neighbouring letters (Damerau, restricted form). */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let edits = Math.min(
        rows[row - 1]![column]! + 1,
        line[column - 1]! + 1,
        rows[row - 1]![column - 1]! + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        edits = Math.min(edits, rows[row - 2]![column - 2]! + 1);
      }
      line.push(edits);
    }
    rows.push(line);
  }
  return rows[one.length]![other.length]!;
}
