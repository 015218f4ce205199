import { readConfig } from '../daemon/read-config.ts';
import type { Situation } from '../daemon/reconcile.ts';
import { situationOf } from '../daemon/situation-of.ts';
import { systemHost } from '../host/system-host.ts';
import type { GlobalOptions } from './global-options.ts';
import { openLog } from './open-log.ts';
import { pathsOf } from './paths.ts';
import { printInvalidConfig } from './print-invalid-config.ts';

/** The configuration and the last known delegations; an exit code where the configuration is wrong (it was printed). */
export async function readSituation(options: GlobalOptions): Promise<Situation | number> {
  const read = await readConfig(systemHost.files, options.config);
  if (!read.ok) return printInvalidConfig(read.problem);
  return situationOf(systemHost, pathsOf(options), read.value.config, openLog());
}
