import { parseDhcpcdConfig } from '../../backend/dhcpcd/parse-dhcpcd-config.ts';
import {
  askRoute,
  listDefaultRoutes,
  parseDefaultRoutes,
  parseRouteSource,
} from '../../backend/ip/parse-default-routes.ts';
import { listInterfaces, parseInterfaces } from '../../backend/ip/parse-interfaces.ts';
import type { Ipv6Address } from '../../core/ipv6.ts';
import type { Config } from '../../engine/config.ts';
import type { Delegation } from '../../engine/delegation.ts';
import type { DhcpcdConfig, HostFacts } from '../../engine/doctor/host-facts.ts';
import { neededTools } from '../../engine/doctor/tools.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Files, Host } from '../../host/host.ts';
import { eventsPath, type Paths } from '../paths.ts';
import { readRole } from '../role-keeper.ts';
import { readConfig, type InvalidConfig } from '../read-config.ts';
import { readHealth } from '../health-keeper.ts';
import { planPass } from '../reconcile.ts';
import { readDelegations } from '../stored-delegations.ts';
import { readDaemon } from './read-daemon.ts';
import { readDhcpClients } from './read-dhcp-clients.ts';
import { knownFact, readFact, unknownFact } from './read-fact.ts';
import { readFirewall } from './read-firewall.ts';
import { readClockKept, readFlows, readRulesetRefused, readSettings, readTools } from './read-kernel.ts';
import { readHooks } from './read-hooks.ts';
import { readNetworkManager } from './read-networkmanager.ts';
import { readNetworkd } from './read-networkd.ts';
import { readTunnels } from './read-tunnels.ts';

export interface HostFactsOptions {
  readonly host: Host;
  readonly paths: Paths;
  readonly dhcpcdConf: string;
  readonly version: string;
  readonly nodeVersion: string;
  /** Nobody named the configuration, so it may be missing on a machine with tunnels only. */
  readonly configUnneeded?: boolean;
}

const emptyConfig: Config = { uplinks: [], networks: [], translations: [] };

/** Reads everything that the checks look at. Changes nothing. */
export async function readHostFacts({ host, paths, ...options }: HostFactsOptions): Promise<HostFacts> {
  const { processes, files, clock } = host;
  const read = await readConfig(files, paths.config);
  const config = read.ok ? read.value.config : emptyConfig;
  const delegations = await readDelegationsFact(host, paths, config);
  const role = await readRole(host, paths, config);
  const held = delegations.known ? delegations.value : [];
  const toolNames = neededTools.filter((tool) => tool.neededBy(config)).map(({ name }) => name);
  const interfacesRead = readFact(processes, listInterfaces, parseInterfaces);
  const [pass, ...facts] = await Promise.all([
    planPass(host, { config, delegations: held, role, health: await readHealth(host, paths) }),
    readTools(processes, toolNames),
    readSettings(files, config),
    interfacesRead,
    readFact(processes, listDefaultRoutes, parseDefaultRoutes),
    readOwnSource(host),
    readRulesetRefused(host, config, held),
    readFlows(processes),
    readDhcpClients(host),
    readDhcpcdConfig(files, options.dhcpcdConf),
    readDaemon(host, paths),
    readFirewall(host),
    interfacesRead.then((read) => readTunnels(host, read)),
    readNetworkd(host, config),
    readNetworkManager(processes, config),
    readClockKept(processes),
  ]);
  const [
    tools,
    settings,
    interfaces,
    defaultRoutes,
    ownSource,
    rulesetRefused,
    flows,
    dhcpClients,
    dhcpcdConfig,
    daemon,
    firewall,
    tunnelling,
    networkd,
    networkManager,
    clockKept,
  ] = facts;
  const { state, tableNames } = pass.observation;
  return {
    now: clock.now(),
    ...(clockKept !== undefined && { clockKept }),
    version: options.version,
    nodeVersion: options.nodeVersion,
    config: read.ok
      ? { valid: true, config, warnings: read.value.warnings.length }
      : {
          valid: false,
          message: read.problem.message,
          mend: read.problem.mend ?? 'sixgate check',
          ...(options.configUnneeded && isMissing(read.problem) && { unneeded: true }),
        },
    tools,
    settings,
    interfaces,
    defaultRoutes,
    ownSource,
    rulesetRefused,
    flowtables: pass.observation.flowtables,
    flows,
    dhcpClients,
    dhcpcdConfig,
    networkd,
    networkManager,
    hooks: await readHooks(host, config, dhcpcdConfig),
    eventsDirectory: eventsPath(paths),
    daemon,
    delegations,
    role,
    steps: pass.failure ? unknownFact(pass.failure) : delegations.known ? knownFact(pass.plan.steps) : delegations,
    awaited: state.known ? knownFact(pass.awaited) : state,
    ownTables: state.known ? knownFact(tableNames) : state,
    firewall,
    tunnelling,
  };
}

/** Not there at all; one that cannot be read, or parts of it, are another matter. */
function isMissing({ problems }: InvalidConfig): boolean {
  return problems.every(({ code }) => code === 'config-missing');
}

/** Where the file cannot be read or used that is unknown, and not "none". */
async function readDelegationsFact(host: Host, paths: Paths, config: Config): Promise<Read<readonly Delegation[]>> {
  const warnings: string[] = [];
  const log = { info() {}, warn: (line: string) => void warnings.push(line), error() {} };
  const { delegations } = await readDelegations(host, paths, config, log);
  return warnings.length > 0 ? { known: false, why: warnings[0]! } : knownFact(delegations);
}

/** `ip route get` ends with 2 where there is no way. */
async function readOwnSource({ processes }: Host): Promise<Read<Ipv6Address | null>> {
  const asked = await processes.run({ argv: askRoute });
  if (!asked.ok) return unknownFact(asked.problem);
  return asked.value.code === 0 ? parseRouteSource(asked.value.stdout) : knownFact(null);
}

async function readDhcpcdConfig(files: Files, path: string): Promise<Read<DhcpcdConfig | undefined>> {
  const text = await files.read(path);
  if (!text.ok) return unknownFact(text.problem);
  return knownFact(text.value === undefined ? undefined : { path, options: parseDhcpcdConfig(text.value) });
}
