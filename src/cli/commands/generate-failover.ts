import { Option, type Command } from '@commander-js/extra-typings';
import { addDelivery } from '../generate-options.ts';
import { globalOptions } from '../global-options.ts';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function registerGenerateFailover(generate: Command): void {
  addDelivery(generate.command('failover'), ['keepalived'])
    .summary('two routers with the same delegated prefix')
    .description(
      'Print the files of a router that has a twin: VRRP on the LANs, one MAC address towards the provider, and the DHCPv6 client ' +
        'on the active one only. The twin gets the same files.',
    )
    .option('--intent <file>', 'the values below from a JSON file ("-": standard input); options go before it')
    .option('--explain', 'say why on standard error')
    .option('--interface <name>', 'the port towards the provider')
    .option('--mac <address>', 'the MAC address that the provider sees, whichever router is active')
    .option(
      '--lan <interface=address/length>',
      'a gateway address that moves with the active router; can be repeated',
      collect,
    )
    .option('--length <bits>', 'the length of the prefix to ask for, 20 to 64')
    .option('--iaid <number>', 'the identity association of the prefix (default: 1)')
    .option('--dhcpcd-version <version>', 'of the dhcpcd that reads the files (default: the installed one)')
    .addOption(
      new Option('--client <program>', 'what asks for the prefix (default: dhcpcd)').choices(['dhcpcd', 'none']),
    )
    .option('--name <interface>', 'the interface with the shared MAC address that is made on the port (default: wan0)')
    .option('--link-local <address>', 'the gateway that hosts know from router advertisements (default: fe80::1)')
    .option('--vrid <number>', "VRRP's number of this pair on its LANs, 1 to 255 (default: 66)")
    .option('--priority <number>', 'of VRRP, the same on both (default: 200)')
    .option('--advert-interval <milliseconds>', 'how often the active one says so (default: 200)')
    .option('--sync-flows', 'also keep flows that only the outside feeds, by conntrackd')
    .option('--sync-interface <name>', 'the LAN on which the routers tell each other of flows (default: the first)')
    .action(async (options, command) => {
      const { generateFailoverFiles } = await import('../generate-failover-files.ts');
      process.exitCode = await generateFailoverFiles({ ...globalOptions(command), ...options });
    });
}
