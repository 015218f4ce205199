import type { CommandEntry, OptionEntry } from '../command-tree.ts';
import { everyCommand } from '../command-tree.ts';
import { code, page, sentence, table } from './markdown.ts';

/** docs/reference/commands.md, from the command tree. */
export function commandsReference(tree: CommandEntry): string {
  return page(
    'Commands',
    'What `--help` says, in one place. Data goes to standard output, messages to standard error; the ' +
      '[exit codes](exit-codes.md) are the same for all.',
    table(
      ['command', 'does'],
      everyCommand(tree)
        .filter(({ path }) => path.length > 0)
        .map((entry) => [`[${code(nameOf(entry))}](#${anchorOf(entry)})`, sentence(entry.summary)]),
    ),
    '## Options of every command',
    optionTable(tree.options),
    ...everyCommand(tree)
      .filter(({ path }) => path.length > 0)
      .flatMap(describe),
  );
}

function describe(entry: CommandEntry): string[] {
  return [
    `## ${nameOf(entry)}`,
    code(synopsis(entry)),
    sentence(entry.description),
    ...(entry.arguments.length > 0
      ? [
          table(
            ['argument', 'is'],
            entry.arguments.map(({ name, description, choices }) => [
              code(name),
              [sentence(description), ...(choices.length > 0 ? [`One of: ${choices.map(code).join(', ')}.`] : [])].join(
                ' ',
              ),
            ]),
          ),
        ]
      : []),
    ...(entry.options.length > 0 ? [optionTable(entry.options)] : []),
  ];
}

function optionTable(options: readonly OptionEntry[]): string {
  return table(
    ['option', 'means', 'without it'],
    options.map(({ short, long, value, description, choices, default: fallback, mandatory }) => [
      code([...(short ? [short] : []), value ? `${long} ${value}` : long].join(', ')),
      [sentence(description), ...(choices.length > 0 ? [`One of: ${choices.map(code).join(', ')}.`] : [])].join(' '),
      mandatory ? 'it must be given' : fallback === undefined ? '' : code(fallback),
    ]),
  );
}

function synopsis(entry: CommandEntry): string {
  const given = entry.arguments.map(({ name, required, repeated }) => {
    const text = `${name}${repeated ? '...' : ''}`;
    return required ? text : `[${text}]`;
  });
  const mandatory = entry.options.flatMap(({ mandatory: must, long, value }) =>
    must ? [`${long} ${value ?? ''}`] : [],
  );
  return [
    nameOf(entry),
    ...(entry.subcommands.length > 0 ? ['COMMAND'] : []),
    ...mandatory,
    ...(entry.options.length > mandatory.length ? ['[options]'] : []),
    ...given,
  ].join(' ');
}

function nameOf({ path }: CommandEntry): string {
  return ['sixgate', ...path].join(' ');
}

function anchorOf(entry: CommandEntry): string {
  return nameOf(entry).replaceAll(' ', '-');
}
