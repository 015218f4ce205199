/** What xl.conf says is the hotplug script of guests that name none; undefined where it says nothing. */
export function parseDefaultScript(text: string): string | undefined {
  const lines = text
    .split('\n')
    .map((line) => /^\s*vif\.default\.script\s*=\s*(["'])(.*)\1\s*(?:#.*)?$/.exec(line)?.[2]);
  // libxlu takes the last of several.
  return lines.findLast((value) => value !== undefined);
}
