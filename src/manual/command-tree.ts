import type { Command, Option } from '@commander-js/extra-typings';

/** A command as the manual and the completions need it: what `--help` says, as data. */
export interface CommandEntry {
  /** Without the program's name: `['generate', '6to4']`; empty for the program itself. */
  readonly path: readonly string[];
  /** A line that begins with a small letter. */
  readonly summary: string;
  readonly description: string;
  readonly arguments: readonly ArgumentEntry[];
  /** Its own, without those that every command takes. */
  readonly options: readonly OptionEntry[];
  readonly subcommands: readonly CommandEntry[];
}

export interface ArgumentEntry {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly repeated: boolean;
  readonly choices: readonly string[];
}

export interface OptionEntry {
  /** `--for`; every option of ours has one. */
  readonly long: string;
  readonly short?: string;
  /** What its value stands for (`<target>`); undefined for a switch. */
  readonly value?: string;
  readonly description: string;
  readonly choices: readonly string[];
  readonly default?: string;
  readonly mandatory: boolean;
}

/** The commands under this one, in the order of `--help`; hidden ones and `help` are left out. */
export function commandTree(command: Command, path: readonly string[] = []): CommandEntry {
  const shown = command.createHelp();
  return {
    path,
    summary: command.summary() || command.description(),
    description: command.description(),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      description: argument.description,
      required: argument.required,
      repeated: argument.variadic,
      choices: argument.argChoices ?? [],
    })),
    options: command.options.filter(({ hidden }) => !hidden).map(optionEntry),
    subcommands: shown
      .visibleCommands(command as never)
      .filter((each) => each.name() !== 'help')
      .map((each) => commandTree(each as unknown as Command, [...path, each.name()])),
  };
}

function optionEntry(option: Option): OptionEntry {
  const value = /[<[][^>\]]+[>\]]/.exec(option.flags)?.[0];
  const fallback = option.defaultValue as unknown;
  return {
    long: option.long ?? option.flags,
    ...(option.short && { short: option.short }),
    ...(value && { value }),
    description: option.description,
    choices: option.argChoices ?? [],
    ...(typeof fallback === 'string' || typeof fallback === 'number' ? { default: String(fallback) } : {}),
    mandatory: option.mandatory,
  };
}

/** This command and all below it, depth first. */
export function everyCommand(entry: CommandEntry): readonly CommandEntry[] {
  return [entry, ...entry.subcommands.flatMap(everyCommand)];
}
