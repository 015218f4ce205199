import { guardTable } from '../backend/nft/guard-table.ts';
import { compileTable } from '../backend/nft/table.ts';
import type { Config } from '../engine/config.ts';
import type { Problem } from '../core/problem.ts';
import type { Files } from '../host/host.ts';
import { firstGuardPath, type Paths } from './paths.ts';

/**
 * Leaves the guard of the configuration that came into force last as a file of nft's, which the unit puts in force before it starts the daemon:
 * at a boot the guard needs neither Node nor a configuration that is right. It is the strictest one, as without
 * any mapping; the daemon takes it over, and changes in it what has to be,
 * or takes it away where ip6tables has the rules.
 */
export interface FirstGuardKeeper {
  keep(config: Config): Promise<void>;
  /** That it could not be written; it is tried again at the next `keep`. */
  problem(): Problem | undefined;
}

export function keepFirstGuard(files: Files, paths: Paths): FirstGuardKeeper {
  const path = firstGuardPath(paths);
  let kept: Config | undefined;
  let problem: Problem | undefined;
  return {
    problem: () => problem,
    async keep(config) {
      if (config === kept) return;
      const text = compileFirstGuard(config);
      const before = await files.readOwn(path);
      const isThere = before.ok && before.value === text;
      const done = isThere ? before : await files.write(path, text, 0o640);
      problem = done.ok ? undefined : done.problem;
      if (!problem) kept = config;
    },
  };
}

/** One for nft also where ip6tables has the rules: chains of iptables guard nothing before the administrator's own rules call them. */
function compileFirstGuard(config: Config): string {
  const { key, definition } = compileTable(guardTable(config));
  return `# Written by sixgate: the guard from a start of the machine until the daemon runs.\ntable ${key} {\n${definition}\n}\n`;
}
