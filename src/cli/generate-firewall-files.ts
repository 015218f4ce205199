import { readConfig } from '../daemon/read-config.ts';
import { deriveFirewallIntent } from '../generate/firewall/derive-firewall-intent.ts';
import { firewallTargets, type FirewallTarget } from '../generate/firewall/firewall-targets.ts';
import { ip6tablesCalls } from '../generate/firewall/ip6tables-calls.ts';
import { systemFiles } from '../host/system-files.ts';
import { deliverFiles, type DeliveryOptions } from './deliver-files.ts';
import { printInvalidConfig } from './print-invalid-config.ts';

export async function generateFirewallFiles(
  options: DeliveryOptions & { readonly config: string; readonly for: FirewallTarget },
): Promise<number> {
  const read = await readConfig(systemFiles, options.config);
  if (!read.ok) return printInvalidConfig(read.problem);
  const { config } = read.value;
  const calls = options.for === 'iptables' && config.backend === 'ip6tables' ? [ip6tablesCalls()] : [];
  return deliverFiles([firewallTargets[options.for](deriveFirewallIntent(config)), ...calls], options);
}
