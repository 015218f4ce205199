import type { Instant } from '../core/instant.ts';
import type { Result } from '../core/result.ts';

/** Everything that sixgate asks of the machine. The real one is `systemHost`, the one for tests `FakeHost`. */
export interface Host {
  readonly processes: Processes;
  readonly files: Files;
  readonly clock: Clock;
}

/** A program and its arguments; never a shell string. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
  /** True for a program that opens /dev/stdin: that needs a file there, since Node gives a socket, which can't be opened. */
  readonly opensInput?: boolean;
  /** Beside what this process has itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** In a session of its own, which a Ctrl-C on our terminal does not reach: for what must not end halfway. So are those kept ready. */
  readonly ownSession?: boolean;
  /** In milliseconds; the process is killed when it takes longer. Default 10 s. */
  readonly timeout?: number;
}

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Processes {
  /**
   * Runs a command to its end with `LC_ALL=C`. Any exit code is a value; problems are `tool-missing`,
   * `tool-timeout` and `tool-killed`.
   */
  run(command: Command): Promise<Result<Output>>;
  /**
   * Keeps one process of a command that reads its standard input started and waiting, for the next `run` of the same
   * argv: that saves starting it when it matters. Returns what ends this.
   */
  keepReady(argv: readonly [string, ...string[]]): () => void;
  /** Starts a command that goes on and hands over its standard output line by line. */
  follow(command: FollowedCommand): Follower;
  /** Sends a signal (0: none, only a test); false where there is no such process. */
  signal(pid: number, signal: 'SIGHUP' | 'SIGUSR1' | 'SIGTERM' | 0): boolean;
}

export interface FollowedCommand {
  readonly argv: readonly [string, ...string[]];
  /** Beside what this process has itself. */
  readonly env?: Readonly<Record<string, string>>;
  onLine(line: string): void;
  /** Standard error, line by line. */
  onComplaint?(line: string): void;
  /** Called once, whether it ended, was killed or could not be started. */
  onEnd(how: string): void;
}

export interface Follower {
  readonly pid: number | undefined;
  /** Writes to its standard input. */
  write(text: string): void;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface Files {
  /** The text, undefined where there is no such file; other failures are problems. */
  read(path: string): Promise<Result<string | undefined>>;
  /**
   * The same for a file that decides what this process does: a problem where it is no regular file but a link or the like, where it
   * belongs to neither this process's user nor root, or where others may write it.
   */
  readOwn(path: string): Promise<Result<string | undefined>>;
  /** A file that is part of this program, by its name; undefined where it was not built or not installed. */
  readShipped(name: string): Promise<Result<Uint8Array | undefined>>;
  /** Replaces the file in one step (temporary file, fsync, rename) so that a reader sees old or new. A mode
   * that is given is the file's whatever the umask is. */
  write(path: string, content: string | Uint8Array, mode?: number): Promise<Result<void>>;
  list(directory: string): Promise<Result<string[]>>;
  remove(path: string): Promise<Result<void>>;
  makeDirectory(path: string, mode?: number): Promise<Result<void>>;
  /** Calls back on every change of a name in the directory, until the returned function is called. */
  watchDirectory(directory: string, onChange: (name: string) => void): Result<() => void>;
}

export interface Clock {
  /** Wall clock. */
  now(): Instant;
  /** Milliseconds that never jump; only differences mean something. */
  monotonic(): number;
  /** Milliseconds since boot, those asleep too; the same for all processes, and it never jumps. */
  uptime(): number;
  /** Calls back once; returns what cancels it. Any delay works, also more than 2^31 ms. */
  after(delay: number, callback: () => void): () => void;
}
