import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerPlan(program: Command): void {
  program
    .command('plan')
    .summary('what "apply" would do, and why')
    .description('Print what "apply" would change in the kernel and why. Exit code 3 where something would change.')
    .option('--nft', 'print the nftables transaction itself')
    .action(async (options, command) => {
      const { printPlan } = await import('../print-plan.ts');
      process.exitCode = await printPlan(globalOptions(command), options);
    });
}
