/** Throws with the whole text unless it fits. */
export function expectText(text: string, pattern: RegExp | string): void {
  const fits = typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
  if (!fits) throw new Error(`no ${String(pattern)} in:\n${text}`);
}
