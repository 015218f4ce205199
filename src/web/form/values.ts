/** One line of a field that repeats, by column. */
export type Row = Readonly<Record<string, string>>;

/**
 * What stands in a form, as text: a flag that is set is "yes", what is not there is empty. The URL's fragment holds exactly
 * this, so nothing else may be in it.
 */
export type Values = Readonly<Record<string, string | readonly Row[]>>;

/** Without the blanks around it that come along when something is pasted. */
export function textOf(values: Values, key: string): string {
  const value = values[key];
  return typeof value === 'string' ? value.trim() : '';
}

export function rowsOf(values: Values, key: string): readonly Row[] {
  const value = values[key];
  if (typeof value !== 'object') return [];
  return value.map((row) => Object.fromEntries(Object.entries(row).map(([key, text]) => [key, text.trim()])));
}

export function isSet(values: Values, key: string): boolean {
  return values[key] === 'yes';
}
