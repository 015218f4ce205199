import { Option, type Command } from '@commander-js/extra-typings';

/** Where the configuration is unless somebody names another. */
export const usualConfig = '/etc/sixgate/config.yaml';
export const usualRuntimeDir = '/run/sixgate';

/** The options that stand before or after the name of any command. */
export interface GlobalOptions {
  readonly config: string;
  readonly runtimeDir: string;
  readonly stateDir: string;
  readonly json?: true;
}

export function addGlobalOptions(program: Command): void {
  program
    .addOption(new Option('--config <file>', 'the configuration').default(usualConfig))
    .addOption(new Option('--runtime-dir <dir>', 'what ends with a restart of the machine').default(usualRuntimeDir))
    .addOption(new Option('--state-dir <dir>', 'what survives it').default('/var/lib/sixgate'))
    .addOption(new Option('--json', 'data as JSON'));
}

/** The global options as given; `command` is the last argument of every action. */
export function globalOptions(command: { optsWithGlobals(): object }): GlobalOptions {
  return command.optsWithGlobals() as GlobalOptions;
}
