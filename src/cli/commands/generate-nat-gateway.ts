import type { Command } from '@commander-js/extra-typings';
import { addDelivery } from '../generate-options.ts';
import { globalOptions } from '../global-options.ts';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function registerGenerateNatGateway(generate: Command): void {
  addDelivery(generate.command('nat-gateway'), ['iptables', 'nftables'])
    .summary('the gateway in front of a tunnel')
    .description('Print the rules that hand protocol 41 to one host behind a NAT gateway, both ways.')
    .option('--intent <file>', 'the values below from a JSON file ("-": standard input); options go before it')
    .option('--explain', 'say why on standard error')
    .option('--external <address>', "the gateway's public IPv4 address")
    .option('--target <address>', 'the private IPv4 address of the host with the tunnel', collect)
    .option('--peer <address>', 'the other end of a 6in4 tunnel; can be repeated', collect)
    .option('--wan <interface>', 'outside')
    .option('--lan <interface>', 'inside')
    .action(async (options, command) => {
      const { generateNatGatewayFiles } = await import('../generate-nat-gateway-files.ts');
      process.exitCode = await generateNatGatewayFiles({ ...globalOptions(command), ...options });
    });
}
