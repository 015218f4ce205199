import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerApply(program: Command): void {
  program
    .command('apply')
    .summary('one pass: make it so')
    .description('Bring the kernel in line with the configuration and the last known delegations, once.')
    .option('--withdraw', 'take away everything that is ours instead')
    .option('--restore', 'put back what a firewall script has flushed, with the calls of our chains in ip6tables')
    .action(async (options, command) => {
      const { applyOnce } = await import('../apply-once.ts');
      process.exitCode = await applyOnce(globalOptions(command), options);
    });
}
