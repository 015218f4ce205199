import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/engine/report.ts';
import { homeReport } from '../../src/testing/healthy-host.ts';
import { executable } from '../cli/sixgate.ts';

/** `sixgate serve` as a process of its own, and a directory in which a daemon's report can be put. */
export class RunningServer {
  readonly directory: string;
  readonly runtimeDir: string;
  readonly child: ChildProcess;
  /** Without the slash at its end. */
  url = '';
  #said = '';
  readonly #ended: Promise<number | null>;
  readonly #scratch: boolean;

  private constructor(directory: string | undefined, args: readonly string[]) {
    this.directory = directory ?? scratchDirectory();
    this.#scratch = directory === undefined;
    mkdirSync(join(this.directory, 'run'), { recursive: true });
    this.runtimeDir = join(this.directory, 'run');
    const argv = ['serve', '--runtime-dir', this.runtimeDir, ...args];
    this.child = spawn(executable, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr!.on('data', (text: Buffer) => (this.#said += text.toString()));
    this.#ended = new Promise((resolve) => this.child.on('exit', resolve));
  }

  /**
   * Returns when it listens; throws with its words where it ends before. It reads `run` in the directory; without one it
   * gets one of its own, which goes with it.
   */
  static async start(args: readonly string[] = ['--listen', '[::1]:0'], directory?: string) {
    const server = new RunningServer(directory, args);
    const deadline = Date.now() + 10_000;
    while (server.url === '') {
      if (server.child.exitCode !== null) throw new Error(`it ended with ${server.child.exitCode}: ${server.#said}`);
      if (Date.now() > deadline) throw new Error(`it does not listen: ${server.#said}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      server.url = /listening on (http:\S+)\/$/m.exec(server.#said)?.[1] ?? '';
    }
    return server;
  }

  /** What it wrote to standard error. */
  get said(): string {
    return this.#said;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Puts a report where a daemon would; by default of one that lives (this process) and wrote it just now. */
  report(changes: Partial<Report> = {}, daemon: Partial<Report['daemon']> = {}): Report {
    const report = {
      ...homeReport,
      written: new Date().toISOString(),
      ...changes,
      daemon: { ...homeReport.daemon, pid: process.pid, ...daemon },
    };
    this.write(JSON.stringify(report));
    return report;
  }

  write(text: string): void {
    writeFileSync(join(this.runtimeDir, '.new'), text);
    renameSync(join(this.runtimeDir, '.new'), join(this.runtimeDir, 'state.json'));
  }

  ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { redirect: 'manual', ...init });
  }

  /** Its exit code; null where a signal ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    const code = await this.#ended;
    if (this.#scratch) rmSync(this.directory, { recursive: true, force: true });
    return code;
  }
}

/** Another user must be able to look into it, since a server that root starts becomes one. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-serve-'));
  chmodSync(directory, 0o755);
  return directory;
}
