import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerCheck(program: Command): void {
  program
    .command('check')
    .summary('is the configuration valid?')
    .description(
      'Validate the configuration and say what it means and what it needs on this machine. ' +
        'Every problem is told as file:line:column; exit code 78 where there is one.',
    )
    .option('--schema', 'print the JSON Schema of the configuration, for editors')
    .action(async (options, command) => {
      const { printCheck } = await import('../print-check.ts');
      process.exitCode = await printCheck(globalOptions(command), options);
    });
}
