import type { CommandUnknownOpts, Help } from '@commander-js/extra-typings';

interface Item {
  readonly term: string;
  readonly text: string;
}

/**
 * The help of a command. On a screen with fewer `rows` than it takes, each option and command gets one line, cut at the screen's width,
 * and what has no room even so only its name; the manual has all of it.
 */
export function formatHelp(command: CommandUnknownOpts, helper: Help, rows = Infinity): string {
  const width = Math.max(40, helper.helpWidth ?? 80);
  const sections = listSections(command, helper);
  const usage = `${helper.styleTitle('Usage:')} ${helper.commandUsage(command)}`;
  const about = helper.commandDescription(command);
  const footer = formatFooter(command, helper, width);
  const full = [
    usage,
    ...(about === '' ? [] : ['', ...helper.boxWrap(about, width).split('\n')]),
    ...sections.flatMap(({ title, items }) => [
      '',
      helper.styleTitle(title),
      ...items.flatMap((item) => formatItem(item, termWidth(items), width, helper)),
    ]),
    '',
    ...footer,
  ];
  if (full.length < rows) return `${full.join('\n')}\n`;

  const items = sections.flatMap((section) => section.items);
  const [first = ''] = about.split(/(?<=\.) /);
  const above = [usage, ...(first === '' ? [] : [clip(first, width)])];
  const room = rows - 1 - above.length;
  const globals =
    command.parent === null ? '--config, --runtime-dir, --state-dir, --json, --version' : 'sixgate --help';
  const manual = `Global options: ${globals}; all of it: man ${manualName(command)}`;
  if (items.length + 1 <= room) {
    return [...above, ...items.map((item) => oneLine(item, termWidth(items), width)), clip(manual, width), ''].join(
      '\n',
    );
  }
  // Names take two lines at most behind the comma-separated list of the others.
  const shown = items.slice(0, Math.max(0, room - 4));
  const names = helper.boxWrap(
    `also: ${items
      .slice(shown.length)
      .map(({ term }) => term)
      .join(', ')}`,
    width - 2,
  );
  return [
    ...above,
    ...shown.map((item) => oneLine(item, termWidth(items), width)),
    ...names.split('\n').map((line) => `  ${line}`),
    clip(manual, width),
    '',
  ].join('\n');
}

function listSections(command: CommandUnknownOpts, helper: Help): { title: string; items: Item[] }[] {
  const isOwn = ({ long }: { long?: string | undefined }): boolean => long !== '--help' && command.parent !== null;
  const sections = [
    {
      title: 'Arguments:',
      items: helper.visibleArguments(command).map((each) => ({
        term: helper.argumentTerm(each),
        text: helper.argumentDescription(each),
      })),
    },
    {
      title: 'Options:',
      items: helper
        .visibleOptions(command)
        .filter(isOwn)
        .map((each) => ({ term: helper.optionTerm(each), text: helper.optionDescription(each) })),
    },
    {
      title: 'Commands:',
      items: helper
        .visibleCommands(command)
        .filter((each) => each.name() !== 'help')
        .map((each) => ({ term: each.name(), text: helper.subcommandDescription(each) })),
    },
  ];
  return sections.filter(({ items }) => items.length > 0);
}

/** Of the program its options; elsewhere only their names. */
function formatFooter(command: CommandUnknownOpts, helper: Help, width: number): string[] {
  if (command.parent !== null) {
    return helper
      .boxWrap('Global options: --config, --runtime-dir, --state-dir, --json, --version (sixgate --help)', width)
      .split('\n');
  }
  const items = helper
    .visibleOptions(command)
    .map((each) => ({ term: helper.optionTerm(each), text: helper.optionDescription(each) }));
  return items.flatMap((item) => formatItem(item, termWidth(items), width, helper));
}

function termWidth(items: readonly Item[]): number {
  return Math.max(0, ...items.map(({ term }) => term.length));
}

function formatItem({ term, text }: Item, terms: number, width: number, helper: Help): string[] {
  const left = Math.min(terms, 32);
  const lines = helper.boxWrap(text, Math.max(20, width - left - 4)).split('\n');
  const blank = ' '.repeat(left + 4);
  if (term.length > left) return [`  ${term}`, ...lines.map((line) => `${blank}${line}`)];
  return lines.map((line, index) => (index === 0 ? `  ${term.padEnd(left)}  ${line}` : `${blank}${line}`).trimEnd());
}

function oneLine({ term, text }: Item, terms: number, width: number): string {
  return clip(`  ${term.padEnd(Math.min(terms, 28))}  ${text}`.trimEnd(), width);
}

function clip(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1).trimEnd()}…`;
}

function manualName(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${manualName(command.parent)}-${command.name()}`;
}
