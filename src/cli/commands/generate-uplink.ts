import type { Command } from '@commander-js/extra-typings';
import { addDelivery } from '../generate-options.ts';
import { globalOptions } from '../global-options.ts';

export function registerGenerateUplink(generate: Command): void {
  addDelivery(generate.command('uplink'), ['dhcpcd', 'ifupdown', 'networkd', 'dhclient', 'odhcp6c', 'networkmanager'])
    .summary('an interface that gets its prefix by DHCPv6')
    .description('Print what makes an interface an uplink: its DHCPv6 client with our hook, or its stanza beside it.')
    .option('--intent <file>', 'the values below from a JSON file ("-": standard input); options go before it')
    .option('--interface <name>', 'the interface towards the provider')
    .option('--length <bits>', 'the length of the prefix to ask for, 20 to 64')
    .option('--dhcpcd-version <version>', 'of the dhcpcd that reads the files (default: the installed one)')
    .option('--iaid <number>', 'the identity association of the prefix (default: 1)')
    .option('--stateless', 'the client stores nothing and is known by its MAC address, on whichever machine it runs')
    .option('--mac <address>', 'that MAC address')
    .action(async (options, command) => {
      const { generateUplinkFiles } = await import('../generate-uplink-files.ts');
      process.exitCode = await generateUplinkFiles({ ...globalOptions(command), ...options });
    });
}
