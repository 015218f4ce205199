import { readConfig } from '../daemon/read-config.ts';
import { deriveFirewallIntent } from '../generate/firewall/derive-firewall-intent.ts';
import { firewallTargets, type FirewallTarget } from '../generate/firewall/firewall-targets.ts';
import { systemFiles } from '../host/system-files.ts';
import { deliverFiles, type DeliveryOptions } from './deliver-files.ts';
import { printInvalidConfig } from './print-invalid-config.ts';

export async function generateFirewallFiles(
  options: DeliveryOptions & { readonly config: string; readonly for: FirewallTarget },
): Promise<number> {
  const read = await readConfig(systemFiles, options.config);
  if (!read.ok) return printInvalidConfig(read.problem);
  return deliverFiles([firewallTargets[options.for](deriveFirewallIntent(read.value.config))], options);
}
