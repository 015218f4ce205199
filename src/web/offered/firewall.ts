import { deriveFirewallIntent } from '../../generate/firewall/derive-firewall-intent.ts';
import { firewallTargets, type FirewallTarget } from '../../generate/firewall/firewall-targets.ts';
import { derivedKind } from '../kinds/derived-kind.ts';

/** What a firewall of one's own has to let through. */
export const kind = derivedKind({
  name: 'firewall',
  targets: [
    { name: 'nftables', label: 'nftables' },
    { name: 'iptables', label: 'iptables' },
  ],
  files: (config, target) => [firewallTargets[target as FirewallTarget](deriveFirewallIntent(config))],
});
