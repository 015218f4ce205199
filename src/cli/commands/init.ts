import { Option, type Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerInit(program: Command): void {
  program
    .command('init')
    .summary('a first configuration, from what this machine has')
    .description(
      'Look at the interfaces, the DHCPv6 client and the firewall, ask a few questions, show the files and write them; what is replaced ' +
        'is kept in /var/backups/sixgate. Nothing is put in force.',
    )
    .option('--uplink <interface>', 'the interface towards the provider')
    .option('--lan <interface...>', 'an inside interface, NAME=INTERFACE to name its subnet; the first counts most')
    .addOption(
      new Option('--from <source>', 'who knows the prefix').choices([
        'dhcpv6',
        'dhcpcd',
        'networkd',
        'hook',
        'route',
        'address',
      ]),
    )
    .option('--length <bits>', 'the length of the prefix to ask for, 20 to 64')
    .option('--prefix <prefix>', 'the inside prefix (default: a fresh ULA, RFC 4193)')
    .option('--advertise', 'sixgate says on the LANs which prefix they have, by radvd')
    .option('--no-advertise', 'somebody else does')
    .option('--offload', "established flows take the kernel's flowtable: faster, and past other people's rules")
    .option('-y, --yes', 'ask nothing: take what is proposed where no option says otherwise')
    .option('--force', 'with --yes: replace files that are there and differ')
    .option('--no-files', "leave the DHCPv6 client's configuration and the inside addresses to you")
    .option('--dry-run', 'write nothing')
    .option('--out <dir>', 'write the files under this directory')
    .action(async (options, command) => {
      const { initConfig } = await import('../init-config.ts');
      process.exitCode = await initConfig(globalOptions(command), options);
    });
}
