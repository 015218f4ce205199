import { readConfig } from '../daemon/read-config.ts';
import type { Situation } from '../daemon/reconcile.ts';
import { situationOf } from '../daemon/situation-of.ts';
import { systemHost } from '../host/system-host.ts';
import type { Problem } from '../core/problem.ts';
import { recallBefore, unconfirmed } from '../daemon/trial/trial-record.ts';
import type { GlobalOptions } from './global-options.ts';
import { openLog } from './open-log.ts';
import { pathsOf } from './paths.ts';
import { printInvalidConfig } from './print-invalid-config.ts';

export interface ReadSituation extends Situation {
  /** Why that is not what the files say. */
  readonly instead?: Problem;
}

/**
 * The configuration and the last known delegations; an exit code where the configuration is wrong (it was printed). After a trial that
 * nobody ended it is the configuration of before.
 */
export async function readSituation(options: GlobalOptions): Promise<ReadSituation | number> {
  const { files } = systemHost;
  const paths = pathsOf(options);
  const read = await readConfig(files, options.config);
  if (!read.ok) return printInvalidConfig(read.problem);
  const before = await recallBefore(files, paths, read.value.sources);
  const { config } = before ?? read.value;
  const situation = await situationOf(systemHost, paths, config, openLog());
  return before ? { ...situation, instead: unconfirmed(paths) } : situation;
}
