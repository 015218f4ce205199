import { exitCodeTable } from './exit-code-table.ts';
import type { ArgumentEntry, CommandEntry, OptionEntry } from './command-tree.ts';
import { bold, definition, escapeRoff, heading, italic, title } from './roff.ts';

export interface Edition {
  readonly version: string;
  /** YYYY-MM-DD */
  readonly date: string;
}

/** `sixgate-generate-6to4`. */
export function pageName({ path }: CommandEntry): string {
  return ['sixgate', ...path].join('-');
}

/** The page of one command, in man(7). `globals`: the options that every command takes. */
export function commandPage(entry: CommandEntry, globals: readonly OptionEntry[], edition: Edition): string {
  const isProgram = entry.path.length === 0;
  const options = isProgram ? [] : entry.options;
  return [
    title(pageName(entry), 8, edition.date, edition.version),
    heading('Name'),
    `${escapeRoff(pageName(entry))} \\- ${escapeRoff(entry.summary.replace(/\.$/, ''))}`,
    heading('Synopsis'),
    synopsis(entry),
    heading('Description'),
    escapeRoff(entry.description),
    ...(entry.arguments.length > 0 ? [heading('Arguments'), ...entry.arguments.map(describeArgument)] : []),
    ...(entry.subcommands.length > 0 ? [heading('Commands'), ...entry.subcommands.map(describeCommand)] : []),
    ...(options.length > 0 ? [heading('Options'), ...options.map(describeOption)] : []),
    heading('Options of every command'),
    ...globals.map(describeOption),
    definition(`${bold('-h')}, ${bold('--help')}`, 'Print the help of the command.'),
    ...(isProgram ? programSections() : []),
    heading('Exit status'),
    ...exitCodeTable.map(([code, meaning]) => definition(bold(String(code)), meaning)),
    heading('See also'),
    seeAlso(entry),
  ].join('\n');
}

function programSections(): string[] {
  return [
    heading('Files'),
    definition(italic('/etc/sixgate/config.yaml'), 'The configuration, sixgate.yaml(5).'),
    definition(italic('/etc/sixgate/conf.d/*.yaml'), 'Merged after it, in lexical order.'),
    definition(italic('/run/sixgate/'), 'State of the daemon, its control socket, events of DHCPv6 clients.'),
    definition(
      italic('/var/lib/sixgate/'),
      'The last delegation and the history of prefixes; losing it costs nothing but history.',
    ),
    heading('Environment'),
    definition(bold('NO_COLOR'), 'No colours, whatever the terminal can do.'),
  ];
}

function synopsis(entry: CommandEntry): string {
  const parts = [
    bold(['sixgate', ...entry.path].join(' ')),
    ...(entry.subcommands.length > 0 ? [italic('command')] : []),
    ...entry.options
      .filter(({ mandatory }) => mandatory)
      .map(({ long, value }) => `${bold(long)} ${escapeRoff(value ?? '')}`),
    '[' + italic('options') + ']',
    ...entry.arguments.map(formatArgument),
  ];
  return parts.join(' ');
}

function formatArgument({ name, required, repeated }: ArgumentEntry): string {
  const text = `${italic(name)}${repeated ? '...' : ''}`;
  return required ? text : `[${text}]`;
}

function describeArgument(argument: ArgumentEntry): string {
  return definition(italic(argument.name), argument.description, oneOf(argument.choices));
}

function describeCommand(entry: CommandEntry): string {
  return definition(bold(entry.path.at(-1)!), `${entry.summary.replace(/\.$/, '')}; see ${pageName(entry)}(8).`);
}

function describeOption({ short, long, value, description, choices, default: fallback }: OptionEntry): string {
  const flags = [...(short ? [bold(short)] : []), bold(long)].join(', ');
  return definition(
    value ? `${flags} ${italic(value.slice(1, -1))}` : flags,
    sentence(description),
    oneOf(choices),
    fallback === undefined ? '' : `Default: ${fallback}.`,
  );
}

function oneOf(choices: readonly string[]): string {
  return choices.length > 0 ? `One of: ${choices.join(', ')}.` : '';
}

/** `config` describes options in half sentences, as --help shows them. */
function sentence(text: string): string {
  if (text === '') return '';
  return `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function seeAlso(entry: CommandEntry): string {
  const parents = entry.path.map((_, index) => ['sixgate', ...entry.path.slice(0, index)].join('-'));
  return escapeRoff(
    [
      ...parents.map((name) => `${name}(8)`),
      ...entry.subcommands.map((each) => `${pageName(each)}(8)`),
      'sixgate.yaml(5)',
    ].join(', '),
  );
}

/** For whoever looks for a page by its file name. */
export function pageFile(entry: CommandEntry): string {
  return `man8/${pageName(entry)}.8`;
}
