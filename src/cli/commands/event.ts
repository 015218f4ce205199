import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerEvent(program: Command): void {
  program
    .command('event')
    .summary('tell the daemon of a delegated prefix')
    .description(
      'Tell the daemon what was delegated on an uplink that is "from: hook": by hand, or from the script of a client that has no hook of its own.',
    )
    .requiredOption('--uplink <name>', 'the uplink')
    .option('--prefix <prefix>', 'the delegated prefix')
    .option('--preferred <seconds>', 'its preferred lifetime (default: the valid one)')
    .option('--valid <seconds>', 'its valid lifetime (default: for ever)')
    .option('--gone', 'the prefix is not to be used any longer; without --prefix: none of the uplink')
    .action(async (options, command) => {
      const { leaveEvent } = await import('../leave-event.ts');
      process.exitCode = await leaveEvent(globalOptions(command), options);
    });
}
