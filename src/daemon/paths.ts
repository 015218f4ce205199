import { dirname, join } from 'node:path';

/** Where a daemon reads and writes; every one can be moved, so that several run side by side in namespaces. */
export interface Paths {
  /** The main configuration file; `conf.d` is beside it. */
  readonly config: string;
  readonly runtimeDir: string;
  readonly stateDir: string;
}

export const hooksPath = (paths: Paths): string => join(dirname(paths.config), 'hooks.d');
export const statePath = (paths: Paths): string => join(paths.runtimeDir, 'state.json');
export const socketPath = (paths: Paths): string => join(paths.runtimeDir, 'control.sock');
/** Of a trial, for who confirms it from another session. */
export const trialSocketPath = (paths: Paths): string => join(paths.runtimeDir, 'try.sock');
export const eventsPath = (paths: Paths): string => join(paths.runtimeDir, 'events');
/** Which one of two routers this is, by the script that keepalived calls. */
export const failoverPath = (paths: Paths): string => join(paths.runtimeDir, 'failover');
/** Which uplinks were up; gone with the machine's next start, after which nothing is known. */
export const healthPath = (paths: Paths): string => join(paths.runtimeDir, 'health.json');
export const delegationsPath = (paths: Paths): string => join(paths.stateDir, 'delegations.json');
/** The configuration that was in force last. */
export const lastConfigPath = (paths: Paths): string => join(paths.stateDir, 'last-config.json');
/** The guard of that, for nft. */
export const firstGuardPath = (paths: Paths): string => join(paths.stateDir, 'guard.nft');
/** What is gone back to after a trial that nobody ended, also after the machine's next start. */
export const trialPath = (paths: Paths): string => join(paths.stateDir, 'trial.json');
/** Who this machine is to DHCPv6 servers. */
export const duidPath = (paths: Paths): string => join(paths.stateDir, 'duid');
export const historyPath = (paths: Paths): string => join(paths.stateDir, 'history.json');
export const radvdConfigPath = (paths: Paths): string => join(paths.runtimeDir, 'radvd.conf');
