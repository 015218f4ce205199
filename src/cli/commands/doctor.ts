import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('is anything in the way on this machine?')
    .description(
      'Check the host: kernel settings, tools, interfaces, the DHCPv6 client, other firewalls, tunnels, and whether all is in force. ' +
        'Each finding says what to do about it. Exit code 3 where there is a problem.',
    )
    .option('--dhcpcd-conf <file>', "dhcpcd's configuration", '/etc/dhcpcd.conf')
    .option(
      '--peer <file...>',
      'instead: would this router and its twin be one to their provider? FILE is what "sixgate status --json" prints there; or two files',
    )
    .action(async (options, command) => {
      if (options.peer) {
        const { printPeers } = await import('../print-peers.ts');
        process.exitCode = await printPeers(globalOptions(command), options.peer);
        return;
      }
      const { printDoctor } = await import('../print-doctor.ts');
      process.exitCode = await printDoctor(globalOptions(command), options);
    });
}
