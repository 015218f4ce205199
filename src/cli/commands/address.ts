import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerAddress(program: Command): void {
  program
    .command('address')
    .summary('what an address or prefix is')
    .description(
      'Print addresses or prefixes in their canonical form (RFC 5952), what kind they are, and what is embedded in them. ' +
        'With --json one object a line, in order.',
    )
    .argument(
      '<address...>',
      'addresses, also with a zone or a prefix length; "-" reads them from standard input, one a line',
    )
    .action(async (addresses, _options, command) => {
      const { printAddresses } = await import('../print-addresses.ts');
      process.exitCode = printAddresses(addresses, globalOptions(command));
    });
}
