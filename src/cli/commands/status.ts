import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .summary('uplinks, delegations, mappings and problems')
    .description(
      'Print uplinks, delegations, mappings, guard counters, and problems with since when and what to do. Exit code 3 where there are problems.',
    )
    .option('-w, --watch', 'print it again whenever it changes')
    .action(async (options, command) => {
      const { printStatus } = await import('../print-status.ts');
      process.exitCode = await printStatus(globalOptions(command), options);
    });
}
