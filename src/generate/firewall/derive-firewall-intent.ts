import { detourName } from '../../core/detour-name.ts';
import type { MappingMode } from '../../core/map-address.ts';
import type { Prefix } from '../../core/prefix.ts';
import type { FirewallIntent, FirewallPinhole } from './firewall-intent.ts';

/** The configuration as far as a firewall is concerned; the engine's Config is one. */
export interface FirewallConfig {
  readonly uplinks: readonly { readonly interface: string }[];
  readonly translations: readonly {
    readonly network: {
      readonly prefix: Prefix;
      readonly subnets: readonly { readonly prefix: Prefix; readonly interface?: string }[];
    };
    readonly uplink: { readonly interface: string };
    readonly mode: MappingMode;
    readonly native?: boolean;
    readonly hairpin: boolean;
    readonly inbound: 'deny' | 'allow';
    readonly pinholes: readonly FirewallPinhole[];
  }[];
}

/** What of the configuration matters to a firewall. */
export function deriveFirewallIntent({ uplinks, translations }: FirewallConfig): FirewallIntent {
  return {
    uplinks: uplinks.map((uplink) => uplink.interface),
    translations: translations.map(({ network, uplink, mode, native, hairpin, inbound, pinholes }) => ({
      uplink: uplink.interface,
      network: network.prefix,
      subnets: network.subnets.map(({ prefix, interface: at }) => ({
        prefix,
        ...(at !== undefined && { interface: at }),
      })),
      ...(native && { native }),
      ...(mode === 'rfc6296' && { detour: detourName(uplink.interface) }),
      hairpin,
      inbound,
      pinholes,
    })),
  };
}
