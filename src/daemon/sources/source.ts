import type { Problem } from '../../core/problem.ts';
import type { Config } from '../../engine/config.ts';
import type { Delegation, LeaseReport } from '../../engine/delegation.ts';
import type { Host } from '../../host/host.ts';
import type { Log } from '../log.ts';
import type { Paths } from '../paths.ts';

export interface SourcesOptions {
  readonly host: Host;
  readonly config: Config;
  readonly paths: Paths;
  readonly dhcpcdDir: string;
  readonly log: Log;
  /** What is held for an uplink now. */
  held(uplink: string): readonly Delegation[];
  onReport(uplink: string, report: LeaseReport): void;
  /** Resolves once all reports so far are on the disk. */
  kept(): Promise<void>;
  /** A lasting problem under a key of its own; undefined when it is over. */
  onProblem(key: string, problem: Problem | undefined): void;
}

export interface Source {
  /** `ending`: the daemon ends, and does not only read its configuration again. */
  stop(how?: 'ending'): Promise<void>;
}
