import type { Command } from '@commander-js/extra-typings';
import { addDelivery } from '../generate-options.ts';
import { globalOptions } from '../global-options.ts';

export function registerGenerateLan(generate: Command): void {
  addDelivery(generate.command('lan'), ['ifupdown', 'netplan', 'networkd'])
    .summary("the router's inside addresses, and radvd where networks are advertised")
    .description(
      "Print what gives the router its inside addresses, from the configuration: the first of each subnet's. Where a network " +
        "is advertised, also what makes Debian's radvd read the configuration that sixgate keeps.",
    )
    .action(async (options, command) => {
      const { generateLanFiles } = await import('../generate-lan-files.ts');
      process.exitCode = await generateLanFiles({ ...globalOptions(command), ...options });
    });
}
