import type { ArgumentEntry, CommandEntry, OptionEntry } from './command-tree.ts';
import { completionValue } from './completion-value.ts';

/** A completion for zsh: one function for each command. */
export function zshCompletion(tree: CommandEntry): string {
  return `#compdef sixgate
# made from the command tree of sixgate

${functions(tree, tree.options).join('\n')}
_sixgate "$@"
`;
}

function functionName({ path }: CommandEntry): string {
  return ['_sixgate', ...path].join('_').replaceAll('-', '_');
}

function functions(entry: CommandEntry, globals: readonly OptionEntry[]): string[] {
  const own = entry.path.length === 0 ? [] : entry.options;
  const specs = [...own, ...globals].map(optionSpec).concat("'(- *)'{-h,--help}'[print the help]'");
  const nested = entry.subcommands.length > 0;
  const body = nested
    ? `  local line state
  _arguments -C ${[...specs, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command)
      local -a commands=(
${entry.subcommands.map((each) => `        '${plain(each.path.at(-1)!)}:${plain(each.summary)}'`).join('\n')}
      )
      _describe command commands ;;
    rest)
      case $line[1] in
${entry.subcommands.map((each) => `        ${each.path.at(-1)!}) ${functionName(each)} ;;`).join('\n')}
      esac ;;
  esac`
    : `  _arguments ${[...specs, ...entry.arguments.map(argumentSpec)].join(' \\\n    ')}`;
  return [`${functionName(entry)}() {\n${body}\n}\n`, ...entry.subcommands.flatMap((each) => functions(each, globals))];
}

function optionSpec(option: OptionEntry): string {
  const { long, short, value, description } = option;
  const what = `[${plain(description).replaceAll(/[[\]]/g, ' ')}]${value ? `:${plain(value.slice(1, -1))}:${action(option)}` : ''}`;
  return short ? `'(${short} ${long})'{${short},${long}}'${what}'` : `'${long}${what}'`;
}

function action(option: OptionEntry): string {
  const value = completionValue(option);
  switch (value.kind) {
    case 'words':
      return `(${value.words.join(' ')})`;
    case 'file':
      return '_files';
    case 'directory':
      return '_files -/';
    case 'interface':
      return '_net_interfaces';
    default:
      return '';
  }
}

function argumentSpec({ name, repeated, choices }: ArgumentEntry, index: number): string {
  const place = repeated ? '*' : String(index + 1);
  return `'${place}:${plain(name)}:${choices.length > 0 ? `(${choices.join(' ')})` : ''}'`;
}

/** Inside of single quotes, and where a colon ends a part. */
function plain(text: string): string {
  return text.replaceAll("'", '’').replaceAll(':', '\\:').replaceAll('\n', ' ');
}
