import { readConfig } from '../daemon/read-config.ts';
import type { Config } from '../engine/config.ts';
import { firewallTargets, type FirewallTarget } from '../generate/firewall/firewall-targets.ts';
import type { FirewallIntent } from '../generate/firewall/firewall-intent.ts';
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

/** What of the configuration matters to a firewall. */
export function deriveFirewallIntent({ uplinks, translations }: Config): FirewallIntent {
  return {
    uplinks: uplinks.map((uplink) => uplink.interface),
    translations: translations.map(({ network, uplink, hairpin, inbound, pinholes }) => ({
      uplink: uplink.interface,
      network: network.prefix,
      subnets: network.subnets.map(({ prefix, interface: at }) => ({
        prefix,
        ...(at !== undefined && { interface: at }),
      })),
      hairpin,
      inbound,
      pinholes,
    })),
  };
}
