import { everyCommand, type CommandEntry, type OptionEntry } from './command-tree.ts';
import { completionValue } from './completion-value.ts';

/** A completion for bash: one case for each command, one for the value of each option. Needs no sixgate to run. */
export function bashCompletion(tree: CommandEntry): string {
  const globals = tree.options;
  const commands = everyCommand(tree);
  return `# bash completion for sixgate; made from its command tree
_sixgate() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command \${COMP_WORDS[index]}" in
${commands
  .filter(({ path }) => path.length > 0)
  .map(({ path }) => `      ${quote(spaced(path))}) command=${quote(spaced(path))} ;;`)
  .join('\n')}
    esac
  done
  case "$command $before" in
${commands.flatMap((entry) => valueCases(entry)).join('\n')}
  esac
  case "$before" in
${globals.flatMap((option) => valueCase(`    ${option.long})`, option)).join('\n')}
  esac
  case "$command" in
${commands.map((entry) => wordCase(entry, globals)).join('\n')}
  esac
}
complete -F _sixgate sixgate
`;
}

/** As the loop above builds it: a blank before each word. */
function spaced(path: readonly string[]): string {
  return path.map((word) => ` ${word}`).join('');
}

function quote(text: string): string {
  return `"${text}"`;
}

function valueCases(entry: CommandEntry): string[] {
  if (entry.path.length === 0) return [];
  return entry.options.flatMap((option) =>
    valueCase(
      `    ${[option.long, ...(option.short ? [option.short] : [])].map((flag) => quote(`${spaced(entry.path)} ${flag}`)).join(' | ')})`,
      option,
    ),
  );
}

function valueCase(pattern: string, option: OptionEntry): string[] {
  const value = completionValue(option);
  switch (value.kind) {
    case 'none':
      return [];
    case 'words':
      return [`${pattern} COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$word")); return ;;`];
    case 'file':
      return [`${pattern} COMPREPLY=($(compgen -f -- "$word")); compopt -o filenames 2>/dev/null; return ;;`];
    case 'directory':
      return [`${pattern} COMPREPLY=($(compgen -d -- "$word")); compopt -o filenames 2>/dev/null; return ;;`];
    case 'interface':
      return [`${pattern} COMPREPLY=($(compgen -W "$(ls /sys/class/net 2>/dev/null)" -- "$word")); return ;;`];
    case 'text':
      return [`${pattern} return ;;`];
  }
}

function wordCase(entry: CommandEntry, globals: readonly OptionEntry[]): string {
  const words = [
    ...entry.subcommands.map(({ path }) => path.at(-1)!),
    ...entry.arguments.flatMap(({ choices }) => choices),
    ...(entry.path.length === 0 ? [] : entry.options).map(({ long }) => long),
    ...globals.map(({ long }) => long),
    '--help',
  ];
  return `    ${quote(spaced(entry.path))}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word")) ;;`;
}
