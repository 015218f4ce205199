import { Option, type Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerTry(program: Command): void {
  program
    .command('try')
    .summary('apply, and go back unless it is confirmed')
    .description(
      'Put the configuration in force until you confirm it (Enter). Without that, and when this session ends in any way, ' +
        'all goes back. Another file than the one in use (--config) takes its place when it is confirmed. Exit code 3: it went back.',
    )
    .option('--timeout <time>', 'how long to wait: 120s, 5m', '120s')
    .option('--confirm', 'from another session: keep what is being tried')
    .option('--cancel', 'from another session: take it back now')
    .option(
      '--replace <file>',
      'the file that --config takes the place of (default: that of the daemon, else the usual one)',
    )
    .addOption(new Option('--keeper').hideHelp())
    .action(async (options, command) => {
      if (options.keeper) {
        const { keepTrialOf } = await import('../keep-trial-of.ts');
        process.exitCode = await keepTrialOf(globalOptions(command));
        return;
      }
      const { tryConfig } = await import('../try-config.ts');
      process.exitCode = await tryConfig(globalOptions(command), options);
    });
}
