import type { GeneratedFile } from '../generated-file.ts';
import type { FirewallIntent } from './firewall-intent.ts';
import { iptablesFirewall } from './iptables-firewall.ts';
import { nftablesFirewall } from './nftables-firewall.ts';

/** What each program needs; a new target is a line here. */
export const firewallTargets = {
  iptables: iptablesFirewall,
  nftables: nftablesFirewall,
} as const satisfies Record<string, (intent: FirewallIntent) => GeneratedFile>;

export type FirewallTarget = keyof typeof firewallTargets;
