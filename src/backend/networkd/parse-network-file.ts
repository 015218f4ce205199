/**
 * The settings of a .network file and its drop-ins, in this order, as `Section.Key`; of a key that stands more than once the
 * last one counts.
 */
export function parseNetworkFiles(texts: readonly string[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const text of texts) {
    let section = '';
    for (const line of text.split('\n').map((each) => each.trim())) {
      section = /^\[(.*)\]$/.exec(line)?.[1] ?? section;
      const [, key, value] = /^([A-Za-z0-9-]+)\s*=\s*(.*)$/.exec(line) ?? [];
      if (key !== undefined) settings.set(`${section}.${key}`, value!);
    }
  }
  return settings;
}
