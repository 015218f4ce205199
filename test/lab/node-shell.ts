import type { CommandOptions, CommandOutput } from './run-command.ts';
import type { LabProcess, SpawnOptions } from './lab-process.ts';

/** What one machine of the lab offers to the code that plays its part. */
export interface NodeShell {
  /** Files of this node that may be read afterwards: configuration, logs. */
  readonly directory: string;
  /** Path, seen from outside, of what is `path` inside its mount namespace. */
  inside(path: string): string;
  /** Throws on any exit code but 0; returns standard output. */
  exec(argv: readonly string[], options?: CommandOptions): Promise<string>;
  /** Any exit code is a value. */
  attempt(argv: readonly string[], options?: CommandOptions): Promise<CommandOutput>;
  spawn(argv: readonly string[], options: SpawnOptions): LabProcess;
}
