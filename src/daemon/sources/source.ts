import type { Prefix } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import type { Config } from '../../engine/config.ts';
import type { LeaseReport } from '../../engine/delegation.ts';
import type { Host } from '../../host/host.ts';
import type { Log } from '../log.ts';
import type { Paths } from '../paths.ts';

export interface SourcesOptions {
  readonly host: Host;
  readonly config: Config;
  readonly paths: Paths;
  readonly dhcpcdDir: string;
  readonly log: Log;
  /** The prefixes that are held for an uplink now. */
  held(uplink: string): readonly Prefix[];
  onReport(uplink: string, report: LeaseReport): void;
  /** A lasting problem under a key of its own; undefined when it is over. */
  onProblem(key: string, problem: Problem | undefined): void;
}

export interface Source {
  stop(): Promise<void>;
}
