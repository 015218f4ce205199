import { streamLog } from '../daemon/log.ts';
import { readConfig } from '../daemon/read-config.ts';
import { readRole } from '../daemon/role-keeper.ts';
import { readDelegations } from '../daemon/stored-delegations.ts';
import { readHealth } from '../daemon/health-keeper.ts';
import type { UplinkHealth } from '../engine/uplink-health.ts';
import type { Config } from '../engine/config.ts';
import type { Delegation } from '../engine/delegation.ts';
import type { Lingering } from '../engine/lingering.ts';
import type { Role } from '../engine/role.ts';
import { systemHost } from '../host/system-host.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printInvalidConfig } from './print-invalid-config.ts';
import { printMessage } from './terminal.ts';

export interface Situation {
  readonly config: Config;
  readonly delegations: readonly Delegation[];
  readonly lingering: readonly Lingering[];
  readonly role: Role | undefined;
  readonly health: ReadonlyMap<string, UplinkHealth>;
}

/** The configuration and the last known delegations; an exit code where the configuration is wrong (it was printed). */
export async function readSituation(options: GlobalOptions): Promise<Situation | number> {
  const read = await readConfig(systemHost.files, options.config);
  if (!read.ok) return printInvalidConfig(read.problem);
  const log = streamLog(
    (text) => printMessage(text),
    false,
    () => systemHost.clock.now(),
  );
  const { delegations, lingering } = await readDelegations(systemHost, pathsOf(options), read.value.config, log);
  const role = await readRole(systemHost, pathsOf(options), read.value.config);
  const health = await readHealth(systemHost, pathsOf(options));
  return { config: read.value.config, delegations, lingering, role, health };
}
