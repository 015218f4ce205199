import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerUla(program: Command): void {
  program
    .command('ula')
    .summary('a new prefix for the inside')
    .description('Print a new random /48 for the inside of a network (unique local addresses, RFC 4193).')
    .action(async (_options, command) => {
      const { printUla } = await import('../print-ula.ts');
      process.exitCode = printUla(globalOptions(command));
    });
}
