import type { Problem } from '../../core/problem.ts';
import type { Config } from '../../engine/config.ts';
import type { LeaseReport } from '../../engine/delegation.ts';
import type { Host } from '../../host/host.ts';
import type { Log } from '../log.ts';
import type { Paths } from '../paths.ts';
import { startDhcpcdSource } from './dhcpcd-source.ts';

export interface SourceOptions {
  readonly host: Host;
  readonly config: Config;
  readonly paths: Paths;
  readonly dhcpcdDir: string;
  readonly log: Log;
  onReport(uplink: string, report: LeaseReport): void;
  /** `key` stands for one subject: a later call with the same key replaces the problem or takes it back. */
  onProblem(key: string, problem: Problem | undefined): void;
}

export interface Sources {
  stop(): Promise<void>;
}

/** Starts what watches the uplinks' prefixes. Static ones need nobody. */
export function startSources(options: SourceOptions): Sources {
  const { host, config, paths, dhcpcdDir, onReport, onProblem } = options;
  const sources = config.uplinks
    .filter(({ source }) => source.from === 'dhcpcd')
    .map((uplink) =>
      startDhcpcdSource({
        uplink,
        host,
        runtimeDir: paths.runtimeDir,
        dhcpcdDir,
        onReport: (report) => onReport(uplink.name, report),
        onProblem: (problem) => onProblem(`dhcpcd ${uplink.name}`, problem),
      }),
    );
  return {
    async stop() {
      await Promise.all(sources.map((source) => source.stop()));
    },
  };
}
