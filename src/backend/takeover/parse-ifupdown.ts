import type { OldStanza } from '../../engine/takeover/old-setup.ts';

const beginnings =
  /^(?:iface|auto|allow-\S+|mapping|source|source-directory|rename|template|no-auto-down|no-scripts)\b/;

/** The `iface` stanzas of /etc/network/interfaces (interfaces(5)): a backslash at the end of a line joins the next one. */
export function parseIfupdown(text: string): readonly OldStanza[] {
  const stanzas: { -readonly [Key in keyof OldStanza]: OldStanza[Key] }[] = [];
  let open: (typeof stanzas)[number] | undefined;
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    let line = lines[index]!;
    while (line.endsWith('\\') && index + 1 < lines.length) line = `${line.slice(0, -1)} ${lines[++index]!.trim()}`;
    const bare = line.trim();
    if (bare === '' || bare.startsWith('#')) continue;
    if (beginnings.test(bare)) {
      const [, name, family, method] = /^iface\s+(\S+)\s+(\S+)\s+(\S+)/.exec(bare) ?? [];
      open =
        name && family && method ? { line: number, lastLine: index + 1, name, family, method, options: [] } : undefined;
      if (open) stanzas.push(open);
      continue;
    }
    if (!open) continue;
    const [, name = '', value = ''] = /^(\S+)\s*(.*)$/.exec(bare) ?? [];
    open.options = [...open.options, { line: number, name, value }];
    open.lastLine = index + 1;
  }
  return stanzas;
}
