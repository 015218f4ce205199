import { addressPreference } from './address-preference.ts';
import { calledChains } from './called-chains.ts';
import { clientHook } from './client-hook.ts';
import { clock } from './clock.ts';
import { configuration } from './configuration.ts';
import { conntrack } from './conntrack.ts';
import { daemon } from './daemon.ts';
import { defaultRoute } from './default-route.ts';
import { delegation } from './delegation.ts';
import { dhcpClient } from './dhcp-client.ts';
import { dhcpcdConfig } from './dhcpcd-config.ts';
import { dhcpcdVersion } from './dhcpcd-version.ts';
import { ipv6Disabled } from './ipv6-disabled.ts';
import { openInbound } from './open-inbound.ts';
import { standsBy } from '../role.ts';
import { ok, type Check, type Finding, type Group } from './finding.ts';
import { failover, notOfThePassiveOne } from './failover.ts';
import { firewallDhcpv6 } from './firewall-dhcpv6.ts';
import { firewallForward } from './firewall-forward.ts';
import { firewallIcmpv6 } from './firewall-icmpv6.ts';
import { firewallPinholes } from './firewall-pinholes.ts';
import { foreignNat } from './foreign-nat.ts';
import { forwarding } from './forwarding.ts';
import { heldGuard } from './held-guard.ts';
import type { HostFacts } from './host-facts.ts';
import { inForce } from './in-force.ts';
import { interfaces } from './interfaces.ts';
import { mtu } from './mtu.ts';
import { networkManager } from './networkmanager.ts';
import { networkdConfig } from './networkd-config.ts';
import { nodeVersion } from './node-version.ts';
import { offload } from './offload.ts';
import { offloadRules } from './offload-rules.ts';
import { openForward } from './open-forward.ts';
import { routerAdvertisements } from './router-advertisements.ts';
import { ruleset } from './ruleset.ts';
import { sourceAddress } from './source-address.ts';
import { subnetAddresses } from './subnet-addresses.ts';
import { tools } from './tools.ts';
import { uplinks } from './uplinks.ts';
import { tunnelChecks } from './tunnel/tunnel-checks.ts';
import { tunnelsOnly } from './tunnel/tunnels-only.ts';

/** Every check, in the order in which they are shown: what others depend on comes first. */
export const checks: readonly Check[] = [
  configuration,
  nodeVersion,
  clock,
  tools,
  ruleset,
  conntrack,
  offload,
  interfaces,
  ipv6Disabled,
  mtu,
  forwarding,
  routerAdvertisements,
  defaultRoute,
  uplinks,
  subnetAddresses,
  sourceAddress,
  dhcpClient,
  dhcpcdConfig,
  dhcpcdVersion,
  networkdConfig,
  networkManager,
  clientHook,
  delegation,
  addressPreference,
  firewallDhcpv6,
  firewallIcmpv6,
  firewallForward,
  firewallPinholes,
  foreignNat,
  offloadRules,
  calledChains,
  openForward,
  openInbound,
  daemon,
  failover,
  inForce,
  heldGuard,
];

export interface GroupedFinding extends Finding {
  readonly group: Group;
}

/** Of a router that stands by, nobody asks what only the active one has. */
function judgeRole(findings: readonly Finding[], { role }: HostFacts, id: string): readonly Finding[] {
  if (!standsBy(role) || !notOfThePassiveOne.has(id)) return findings;
  return findings.map((finding) => (finding.result === 'ok' ? finding : ok(finding.id, 'this router stands by')));
}

/** Asks every check, those of tunnels last. While the configuration is invalid, those that need it are unknown. */
export function runChecks(facts: HostFacts): GroupedFinding[] {
  return [...checksFor(facts), ...tunnelChecks].flatMap(({ id, group, needsConfig, judge }) => {
    if (facts.config.valid) {
      return judgeRole(judge(facts, facts.config.config), facts, id).map((finding) => ({ ...finding, group }));
    }
    if (!needsConfig) return judge(facts, nothingConfigured).map((finding) => ({ ...finding, group }));
    const found = 'it cannot be told while the configuration is invalid';
    return [{ id, group, result: 'unknown', found, mend: null } as const];
  });
}

/**
 * Who only has tunnels needs no configuration, and who only has Xen guests no daemon: then the machine is looked at, and
 * nothing that sixgate does on it.
 */
function checksFor(facts: HostFacts): readonly Check[] {
  if (!tunnelsOnly(facts) && !guestsOnly(facts)) return checks;
  return [configuration, ...checks.filter(({ group, needsConfig }) => group === 'this machine' && !needsConfig)];
}

function guestsOnly({ config }: HostFacts): boolean {
  return config.valid && config.config.xen !== undefined && config.config.uplinks.length === 0;
}

const nothingConfigured = { uplinks: [], networks: [], translations: [] };
