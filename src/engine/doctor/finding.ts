import type { Config } from '../config.ts';
import type { HostFacts } from './host-facts.ts';

/** What a check found. `unknown`: it could not be read, so nothing is said. */
export interface Finding {
  /** The check, and after a colon what it looked at where there are several: `forwarding:eth1`. */
  readonly id: string;
  readonly result: 'ok' | 'warning' | 'problem' | 'unknown';
  /** One sentence. */
  readonly found: string;
  /** A command, a line of configuration, or what else to do. */
  readonly mend: string | null;
}

export type Group =
  | 'configuration'
  | 'this machine'
  | 'interfaces'
  | 'prefix'
  | 'firewall'
  | 'sixgate'
  | 'two routers'
  | 'tunnels'
  | 'Xen guests';

export interface Check {
  /** What its findings' ids begin with. */
  readonly id: string;
  readonly group: Group;
  readonly judge: (facts: HostFacts, config: Config) => readonly Finding[];
  /** False for one that can be asked also while the configuration is invalid; its `judge` must not use it then. */
  readonly needsConfig: boolean;
}

export function ok(id: string, found: string): Finding {
  return { id, result: 'ok', found, mend: null };
}

export function warning(id: string, found: string, mend: string): Finding {
  return { id, result: 'warning', found, mend };
}

export function problem(id: string, found: string, mend: string): Finding {
  return { id, result: 'problem', found, mend };
}

export function unknown(id: string, what: string, why: string): Finding {
  const mend = /not permitted|permission/i.test(why) ? 'Run it as root.' : null;
  return { id, result: 'unknown', found: `${what} could not be read: ${why}`, mend };
}
