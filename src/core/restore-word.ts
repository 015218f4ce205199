/** A word of the format of ip6tables-restore, in quotes where it needs them. */
export function restoreWord(text: string): string {
  if (/["\\\n]/.test(text)) throw new RangeError(`ip6tables-restore cannot read ${text}`);
  return /^[\w.@/:-]+$/.test(text) ? text : `"${text}"`;
}
