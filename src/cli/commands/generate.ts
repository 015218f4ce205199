import type { Command } from '@commander-js/extra-typings';
import { registerGenerateFailover } from './generate-failover.ts';
import { registerGenerateFirewall } from './generate-firewall.ts';
import { registerGenerateLan } from './generate-lan.ts';
import { registerGenerateNatGateway } from './generate-nat-gateway.ts';
import { registerGenerateSixInFour, registerGenerateSixRd, registerGenerateSixToFour } from './generate-tunnel.ts';
import { registerGenerateUplink } from './generate-uplink.ts';
import { registerGenerateXenGuest } from './generate-xen-guest.ts';

/*
 * How to add a kind: one file commands/generate-KIND.ts and one line in `kinds`. It calls `addDelivery` (generate-options.ts)
 * for --for, --out and --force, imports ../generate-KIND-files.ts in its action (what is imported so becomes a bundle of its
 * own), and that one makes GeneratedFiles and ends with `return deliverFiles(files, options)`.
 */
const kinds: readonly ((generate: Command) => void)[] = [
  registerGenerateSixToFour,
  registerGenerateSixRd,
  registerGenerateSixInFour,
  registerGenerateNatGateway,
  registerGenerateUplink,
  registerGenerateLan,
  registerGenerateFailover,
  registerGenerateFirewall,
  registerGenerateXenGuest,
];

export function registerGenerate(program: Command): void {
  const generate = program
    .command('generate')
    .summary('configuration files for other programs')
    .description(
      'Print configuration files for other programs. They go to standard output, under a directory that stands for ' +
        'the root of the machine (--out), or out as JSON (--json).',
    );
  for (const register of kinds) register(generate);
}
