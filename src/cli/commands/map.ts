import { Option, type Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerMap(program: Command): void {
  program
    .command('map')
    .summary('the address on the other side of a translation')
    .description(
      'Print the address on the other side of a prefix translation, from inside to outside or back as the address says, ' +
        'or why packets from and to it are dropped (exit code 3). With --json one object a line, in order.',
    )
    .argument('<address...>', 'addresses; "-" reads them from standard input, one a line')
    .requiredOption('--inside <prefix>', 'the stable prefix inside')
    .requiredOption('--outside <prefix>', "the provider's prefix")
    .option('--subprefix <number>', 'of an outside prefix that is larger than the inside one: which part of it, from 0')
    .addOption(
      new Option('--mode <mode>', 'swap the prefix and keep the rest, or stay checksum-neutral')
        .choices(['stateful', 'rfc6296'] as const)
        .default('stateful' as const),
    )
    .action(async (addresses, options, command) => {
      const { printMapped } = await import('../print-mapped.ts');
      process.exitCode = printMapped(addresses, { ...options, json: globalOptions(command).json === true });
    });
}
