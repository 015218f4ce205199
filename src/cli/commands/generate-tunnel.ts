import { Option, type Command } from '@commander-js/extra-typings';
import { addDelivery } from '../generate-options.ts';
import { globalOptions } from '../global-options.ts';

// Repeated here, since importing them would load the generators at every start; a test holds them together.
const targets = ['ifupdown', 'netplan', 'networkd', 'networkmanager', 'openwrt'] as const;
const flavours = ['ifupdown', 'ifupdown2', 'ifupdown-ng'] as const;
const advertisers = ['radvd', 'networkd', 'dnsmasq', 'none'] as const;
const filters = ['nftables', 'iptables', 'none'] as const;

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** What all kinds of tunnel have in common. */
function tunnelCommand(generate: Command, kind: '6to4' | '6rd' | '6in4') {
  return addDelivery(generate.command(kind), targets)
    .option('--intent <file>', 'the values below from a JSON file ("-": standard input); options go before it')
    .option('--explain', 'say why on standard error')
    .addOption(new Option('--flavour <name>', 'which ifupdown').choices(flavours))
    .option('--name <interface>', `the tunnel interface (default: tun${kind})`)
    .option('--mtu <bytes>', 'of the tunnel; 1280, the default, always works')
    .option('--ttl <number>', 'of the outer packets (default: 64)')
    .option('--subnet <id=interface>', 'give a /64 to a LAN interface; can be repeated', collect)
    .option('--subnets <number>', 'keep the first so many /64s')
    .addOption(new Option('--advertise <program>', 'what advertises them (default: radvd)').choices(advertisers))
    .addOption(new Option('--filter <tool>', 'for the filter of RFC 3964 (default: nftables)').choices(filters));
}

export function registerGenerateSixToFour(generate: Command): void {
  tunnelCommand(generate, '6to4')
    .summary('a 6to4 tunnel: IPv6 from one public IPv4 address')
    .description('Print the files of a 6to4 tunnel (RFC 3056): a /48 for whoever has a public IPv4 address.')
    .option('--ipv4 <address>', 'the public IPv4 address')
    .option('--local <address>', "behind NAT: this host's private address")
    .option('--relay <address>', 'a relay of your own to the rest of the Internet')
    // Refused with the reason: whoever reads of it for 6in4 may try it here.
    .addOption(new Option('--keepalive <seconds>').hideHelp())
    .action(async (options, command) => {
      const { generateTunnelFiles } = await import('../generate-tunnel-files.ts');
      process.exitCode = await generateTunnelFiles('6to4', { ...globalOptions(command), ...options });
    });
}

export function registerGenerateSixRd(generate: Command): void {
  tunnelCommand(generate, '6rd')
    .summary("a 6rd tunnel: a provider's prefix and one's IPv4 address")
    .description("Print the files of a 6rd tunnel (RFC 5969) with the provider's figures.")
    .option('--ipv4 <address>', 'the IPv4 address from the provider')
    .option('--prefix <prefix>', "the provider's IPv6 prefix")
    .option('--ipv4-mask-length <bits>', 'what the IPv4 addresses of all customers have in common (default: 0)')
    .option('--relay <address>', "the provider's border relay")
    .action(async (options, command) => {
      const { generateTunnelFiles } = await import('../generate-tunnel-files.ts');
      process.exitCode = await generateTunnelFiles('6rd', { ...globalOptions(command), ...options });
    });
}

export function registerGenerateSixInFour(generate: Command): void {
  tunnelCommand(generate, '6in4')
    .summary('a 6in4 tunnel to a broker or to another site')
    .description('Print the files of a 6in4 tunnel (RFC 4213) to one other end.')
    .option('--local <address>', "this host's IPv4 address, private behind NAT")
    .option('--remote <address>', 'the IPv4 address of the other end')
    .option('--address <address/length>', "this end's IPv6 address in the tunnel")
    .option('--gateway <address>', "the other end's IPv6 address (default: the first of the prefix)")
    .option('--routed <prefix>', 'the prefix that is routed to this end')
    .option('--behind-nat', 'a gateway in front translates the local address')
    .option('--ipv4 <address>', 'the same, with its public address')
    .option('--keepalive <seconds>', 'ping the other end: for a gateway that can only masquerade')
    .action(async (options, command) => {
      const { generateTunnelFiles } = await import('../generate-tunnel-files.ts');
      process.exitCode = await generateTunnelFiles('6in4', { ...globalOptions(command), ...options });
    });
}
