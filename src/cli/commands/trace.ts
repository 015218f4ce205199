import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerTrace(program: Command): void {
  program
    .command('trace')
    .summary('what becomes of packets from and to an address')
    .description(
      'Print what becomes of packets from and to this address, both ways, by the mappings in force. Exit code 3 where it cannot go out.',
    )
    .argument('<address>', 'an inside or outside address, or SUBNET::INTERFACE-ID')
    .action(async (address, _options, command) => {
      const { printTrace } = await import('../print-trace.ts');
      process.exitCode = await printTrace(globalOptions(command), address);
    });
}
