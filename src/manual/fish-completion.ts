import { everyCommand, type CommandEntry, type OptionEntry } from './command-tree.ts';
import { completionValue } from './completion-value.ts';

/** A completion for fish: one line for each command and option. */
export function fishCompletion(tree: CommandEntry): string {
  return [
    '# made from the command tree of sixgate',
    'complete -c sixgate -f',
    ...tree.options.map((option) => optionLine(option, '')),
    "complete -c sixgate -s h -l help -d 'print the help'",
    ...everyCommand(tree).flatMap((entry) => [
      ...entry.subcommands.map(
        (each) =>
          `complete -c sixgate -n ${quote(atCommand(entry))} -a ${quote(each.path.at(-1)!)} -d ${quote(each.summary)}`,
      ),
      ...(entry.path.length === 0 ? [] : entry.options).map((option) => optionLine(option, underCommand(entry))),
    ]),
    '',
  ].join('\n');
}

function optionLine(option: OptionEntry, condition: string): string {
  const { long, short, description } = option;
  const value = completionValue(option);
  return [
    'complete -c sixgate',
    ...(condition === '' ? [] : [`-n ${quote(condition)}`]),
    ...(short ? [`-s ${short.slice(1)}`] : []),
    `-l ${long.slice(2)}`,
    `-d ${quote(description)}`,
    ...(value.kind === 'none' ? [] : ['-r']),
    ...(value.kind === 'words' ? [`-a ${quote(value.words.join(' '))}`] : []),
    ...(value.kind === 'file' ? ['-F'] : []),
    ...(value.kind === 'directory' ? [`-a '(__fish_complete_directories)'`] : []),
    ...(value.kind === 'interface' ? [`-a '(ls /sys/class/net)'`] : []),
  ].join(' ');
}

/** Right behind this command, where its own commands stand. */
function atCommand(entry: CommandEntry): string {
  if (entry.path.length === 0) return '__fish_use_subcommand';
  const names = entry.subcommands.map(({ path }) => path.at(-1)!).join(' ');
  return `${underCommand(entry)}; and not __fish_seen_subcommand_from ${names}`;
}

function underCommand({ path }: CommandEntry): string {
  return path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
