import { Option, type Command } from '@commander-js/extra-typings';
import { addDelivery } from '../generate-options.ts';
import { globalOptions } from '../global-options.ts';

const targets = ['ifupdown', 'netplan', 'networkd', 'cloud-init', 'xl', 'sixgate'] as const;
const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function registerGenerateXenGuest(generate: Command): void {
  addDelivery(generate.command('xen-guest'), targets)
    .summary("one interface of a Xen guest: the guest's own files, or Dom0's")
    .description(
      "Print what one interface of a routed Xen guest needs: the guest's own network configuration, the line for its xl.cfg " +
        "(xl), or Dom0's entry for it (sixgate). The same values fit all of them.",
    )
    .option('--intent <file>', 'the values below from a JSON file ("-": standard input); options go before it')
    .option('--explain', 'say why on standard error')
    .option('--name <guest>', 'as in its xl.cfg')
    .option('--prefix <prefix>', 'on the link between Dom0 and the guest; can be repeated', collect)
    .option('--address <address>', 'of the guest (default: the second of each prefix); can be repeated', collect)
    .option('--gateway <address>', 'Dom0: link-local or in the prefix, or "none" (default: fe80::1)')
    .option('--routed <prefix>', 'behind the guest; can be repeated', collect)
    .option('--ipv4 <address>', 'of the guest, point-to-point with Dom0')
    .option('--ipv4-gateway <address>', "Dom0's IPv4 address")
    .option('--dns <address>', 'a DNS server for the guest; can be repeated', collect)
    .option('--device <number>', 'of the interface in xl.cfg (default: 0)')
    .option('--interface <name>', 'in the guest (default: enX and the number)')
    .option('--mac <address>', "the interface's MAC address")
    .option('--vifname <name>', 'of the interface in Dom0')
    .option('--gatewaydev <name>', "Dom0's way out, if not eth0")
    .option('--proxy-ndp', "Dom0 answers for single addresses on the provider's link")
    .addOption(
      new Option('--script <name>', 'hotplug script (default: vif-route with IPv4, vif-route6 without)').choices([
        'vif-route',
        'vif-route6',
      ]),
    )
    .action(async (options, command) => {
      const { generateXenGuestFiles } = await import('../generate-xen-guest-files.ts');
      process.exitCode = await generateXenGuestFiles({ ...globalOptions(command), ...options });
    });
}
