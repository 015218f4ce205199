import type { Paths } from '../daemon/paths.ts';
import type { GlobalOptions } from './global-options.ts';

export function pathsOf({ config, runtimeDir, stateDir }: GlobalOptions): Paths {
  return { config, runtimeDir, stateDir };
}
