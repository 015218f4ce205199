import type { OldRule } from '../../engine/takeover/old-setup.ts';

/**
 * Rules that translate prefixes (`-j NETMAP`), and jumps to chains that have such rules, out of a shell script or of what
 * ip6tables-save writes. Variables of the script that are set to plain values are filled in.
 */
export function parseNetmapRules(text: string): readonly OldRule[] {
  const values = new Map(
    [...text.matchAll(/^\s*(\w+)=["']?([^"'\s$`]*)["']?\s*$/gm)].map(([, name, value]) => [name!, value!]),
  );
  const rules = joinedLines(text).flatMap(({ line, words }): OldRule[] => {
    const at = (...flags: readonly string[]): string | undefined => {
      const index = words.findIndex((word, place) => flags.includes(word) && words[place - 1] !== '!');
      return index < 0 ? undefined : fill(words[index + 1] ?? '');
    };
    const chain = at('-A', '-I', '--append', '--insert');
    const target = at('-j', '--jump');
    if (chain === undefined || target === undefined) return [];
    const [source, to] = [at('-s', '--source'), at('--to')];
    return [{ line, chain, target, out: at('-o', '--out-interface'), source, to: to?.includes('$') ? undefined : to }];
  });
  const translating = new Set(rules.filter(({ target }) => target === 'NETMAP').map(({ chain }) => chain));
  return rules.filter(({ target }) => target === 'NETMAP' || translating.has(target));

  function fill(word: string): string {
    return word.replaceAll(/\$\{?(\w+)\}?/g, (whole, name: string) => values.get(name) ?? whole);
  }
}

/** Lines of commands in words, without quotes; what a backslash joins counts from its first line. */
function joinedLines(text: string): { readonly line: number; readonly words: readonly string[] }[] {
  const joined: { line: number; words: string[] }[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let whole = lines[index]!;
    while (whole.trimEnd().endsWith('\\') && index + 1 < lines.length) {
      whole = `${whole.trimEnd().slice(0, -1)} ${lines[++index]!}`;
    }
    if (/^\s*#/.test(whole)) continue;
    joined.push({
      line,
      words: whole
        .replaceAll(/["']/g, '')
        .split(/\s+/)
        .filter((word) => word !== ''),
    });
  }
  return joined;
}
