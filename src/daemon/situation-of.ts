import type { Config } from '../engine/config.ts';
import type { Host } from '../host/host.ts';
import { readHealth } from './health-keeper.ts';
import type { Log } from './log.ts';
import type { Paths } from './paths.ts';
import type { Situation } from './reconcile.ts';
import { readRole } from './role-keeper.ts';
import { readDelegations } from './stored-delegations.ts';

/** What a pass of a command is made from, by what the daemon stored last. */
export async function situationOf(host: Host, paths: Paths, config: Config, log: Log): Promise<Situation> {
  const known = await readDelegations(host, paths, config, log);
  const [role, health] = await Promise.all([readRole(host, paths, config), readHealth(host, paths)]);
  return { config, ...known, role, health };
}
