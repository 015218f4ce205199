import { Option, type Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerRun(program: Command): void {
  program
    .command('run')
    .summary('follow the delegated prefix, in the foreground')
    .description('Follow the delegated prefix until ended by SIGTERM or SIGINT. SIGHUP reads the configuration again.')
    .option(
      '--withdraw',
      'take everything away at the end (by default the rules stay, so that a restart breaks no flow)',
    )
    .option('--fall-back', 'where the configuration is wrong, start with the one that was in force last')
    .option('--dhcpcd-dir <dir>', "where dhcpcd's control socket is", '/run/dhcpcd')
    .addOption(
      new Option('--log-format <format>', 'of the lines on standard error (default: journald under systemd)').choices([
        'text',
        'json',
        'journald',
      ] as const),
    )
    .addOption(
      new Option('--log-level <level>', 'leave out what counts less').choices(['error', 'warning', 'info'] as const),
    )
    .action(async (options, command) => {
      const { runDaemon } = await import('../run-daemon.ts');
      process.exitCode = await runDaemon(globalOptions(command), options);
    });
}
