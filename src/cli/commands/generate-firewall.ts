import type { Command } from '@commander-js/extra-typings';
import { addDelivery } from '../generate-options.ts';
import { globalOptions } from '../global-options.ts';

export function registerGenerateFirewall(generate: Command): void {
  addDelivery(generate.command('firewall'), ['iptables', 'nftables'])
    .summary('what a firewall of your own must let through')
    .description(
      'Print what a firewall of your own must let through so that translation works, from the configuration.',
    )
    .action(async (options, command) => {
      const { generateFirewallFiles } = await import('../generate-firewall-files.ts');
      process.exitCode = await generateFirewallFiles({ ...globalOptions(command), ...options });
    });
}
