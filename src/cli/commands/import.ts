import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerImport(program: Command): void {
  program
    .command('import')
    .summary('what a set-up by hand becomes')
    .description(
      'Read what how-tos have one set up (a hook of dhcpcd with ip6tables, tunnels of ifupdown, ipv6.cfg of Xen) and print the ' +
        'configuration that does the same, with what of the old set-up goes. Nothing is changed. Exit code 3 where nothing of it is here.',
    )
    .argument('[file...]', 'files with rules of ip6tables in other places')
    .option('--root <dir>', 'a directory that stands for the root of the machine', '/')
    .action(async (files, options, command) => {
      const { importSetup } = await import('../import-setup.ts');
      process.exitCode = await importSetup(globalOptions(command), files, options);
    });
}
