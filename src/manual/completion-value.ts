import type { OptionEntry } from './command-tree.ts';

/** What a shell can offer for the value of an option. */
export type CompletionValue =
  | { readonly kind: 'none' | 'text' | 'file' | 'directory' | 'interface' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

/** By its choices, else by what its value is called in --help: `<file>`, `<dir>`, `<interface>`. */
export function completionValue({ value, choices }: OptionEntry): CompletionValue {
  if (value === undefined) return { kind: 'none' };
  if (choices.length > 0) return { kind: 'words', words: choices };
  const kinds = { file: 'file', dir: 'directory', directory: 'directory', interface: 'interface' } as const;
  return { kind: kinds[value.slice(1, -1) as keyof typeof kinds] ?? 'text' };
}
