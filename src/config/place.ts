/** Where in a file something stands; line and column count from 1, the column in UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** "line 4", or "line 4 of FILE" where that is another file than the reader is looking at. */
export function formatPlaceFrom(from: Place, place: Place): string {
  return place.file === from.file ? `line ${place.line}` : `line ${place.line} of ${place.file}`;
}
