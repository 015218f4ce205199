/** A string of the nftables language, which knows no escapes. */
export function nftString(text: string): string {
  if (/["\\*\n]/.test(text)) throw new RangeError(`nftables cannot write ${text}`);
  return `"${text}"`;
}

/** One value as it is, several as an anonymous set. */
export function nftSet(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `{ ${values.join(', ')} }`;
}
